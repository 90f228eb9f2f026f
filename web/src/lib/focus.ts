import { Store } from './store';

/** The page's content: where focus goes when there is nothing better. */
export const contentId = 'content';

const requested = new Store<string | null>(null);

/** Focuses the element of that id; behind an open dialog as soon as that has closed. */
export function requestFocus(id: string): void {
  const isBehindDialog = document.querySelector('[role="dialog"]') !== null;
  requested.set(() => (isBehindDialog ? id : null));
  if (!isBehindDialog) document.getElementById(id)?.focus();
}

/** What a dialog does with the focus when it closes: to who has asked for it, else back to where it came from. */
export function giveFocusBack(event: Event, opener: Element | null): void {
  event.preventDefault();
  const wanted = requested.get();
  requested.set(() => null);
  if (isFocusTaken()) return;
  const back =
    (wanted === null ? null : document.getElementById(wanted)) ?? (opener?.isConnected ? opener : null);
  const target = back ?? document.getElementById(contentId);
  if (target instanceof HTMLElement) target.focus();
}

/** What closes leaves the focus alone where somebody has taken it meanwhile. */
export function isFocusTaken(): boolean {
  const active = document.activeElement;
  return active !== null && active !== document.body && active.closest('[role="menu"]') === null;
}

/** The main button of an item in a list that is walked through by arrow keys. */
export const stopSelector = '[data-rove]';
/** Spread over that button; the list decides which of them the Tab key stops at. */
export const rovingStop = { 'data-rove': true, tabIndex: -1 } as const;

const focusable =
  'button:not(:disabled):not([tabindex="-1"]), a[href], input:not(:disabled):not([hidden]), textarea:not(:disabled)';
const layers = '[role="dialog"], [role="menu"]';
const notices = '[data-toasts]';

/** Where the focus is, remembered for the time when its element is gone. */
interface Place {
  element: HTMLElement;
  list: Element | null;
  index: number;
  ancestors: Element[];
}

function placeOf(element: HTMLElement): Place {
  const item = element.closest('li');
  const list = item?.parentElement ?? null;
  const ancestors: Element[] = [];
  for (let one = element.parentElement; one; one = one.parentElement) ancestors.push(one);
  return { element, list, index: item && list ? [...list.children].indexOf(item) : -1, ancestors };
}

function stopIn(item: Element | undefined): HTMLElement | null {
  return (
    item?.querySelector<HTMLElement>(stopSelector) ?? item?.querySelector<HTMLElement>(focusable) ?? null
  );
}

/** The item that has taken the place of one that is gone, else one before it. */
function neighbourOf({ list, index }: Place): HTMLElement | null {
  if (!list?.isConnected) return null;
  const items = [...list.children];
  const nearest = [...items.slice(Math.max(0, index)), ...items.slice(0, Math.max(0, index)).reverse()];
  return nearest.map(stopIn).find((stop) => stop !== null) ?? null;
}

function successorOf(place: Place): HTMLElement | null {
  if (place.element.isConnected) return place.element;
  // A dialog or menu that has gone gives the focus back itself.
  if ([place.element, ...place.ancestors].some((one) => one.matches(layers) && !one.isConnected)) return null;
  const home = place.ancestors.find(
    (one) => one.isConnected && one.matches(`[role="dialog"], #${contentId}`),
  );
  return neighbourOf(place) ?? (home instanceof HTMLElement ? home : document.getElementById(contentId));
}

/**
 * The focus never falls into nothing: when the element that has it goes away (a tile that is discarded, a button that has
 * done its work), it goes on to what stands there now.
 */
export function keepFocus(): void {
  let place: Place | null = null;
  let beforeNotice: Place | null = null;
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    const isNotice = target.closest(notices) !== null;
    if (isNotice && place?.element.closest(notices) === null) beforeNotice = place;
    if (!isNotice) beforeNotice = null;
    place = placeOf(target);
  });
  document.addEventListener('focusout', ({ target }) => {
    // Left on purpose, unless the element itself is being taken out.
    queueMicrotask(() => {
      if (document.activeElement === document.body && target instanceof Element && target.isConnected)
        place = null;
    });
  });
  new MutationObserver(() => {
    // Items may have come before it.
    if (place?.element.isConnected) place = placeOf(place.element);
    if (!place || (document.activeElement !== null && document.activeElement !== document.body)) return;
    const next = successorOf(place.element.isConnected ? place : (beforeNotice ?? place));
    place = null;
    next?.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true });
}
