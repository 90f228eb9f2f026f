import { stopSelector } from './focus';

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const middleOf = ({ left, top, width, height }: Box) => ({ x: left + width / 2, y: top + height / 2 });

/** The nearest one of the next row above (-1) or below (1); its row is all that begins at the same height. */
function acrossRows(boxes: readonly Box[], at: number, direction: -1 | 1): number {
  const from = boxes[at];
  if (!from) return at;
  const beyond = boxes.flatMap((box, index) =>
    (box.top - from.top) * direction > 1 ? [{ box, index, away: Math.abs(box.top - from.top) }] : [],
  );
  const rowAway = Math.min(...beyond.map(({ away }) => away));
  const row = beyond.filter(({ away }) => away <= rowAway + 1);
  const aside = (box: Box) => Math.abs(middleOf(box).x - middleOf(from).x);
  return row.sort((a, b) => aside(a.box) - aside(b.box))[0]?.index ?? at;
}

/** Which of the boxes, given in reading order, a key leads to; null for a key that leads nowhere. */
export function neighbour(boxes: readonly Box[], at: number, key: string): number | null {
  const last = boxes.length - 1;
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, at - 1);
    case 'ArrowRight':
      return Math.min(last, at + 1);
    case 'ArrowUp':
      return acrossRows(boxes, at, -1);
    case 'ArrowDown':
      return acrossRows(boxes, at, 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

/**
 * One Tab stop for a whole list, and arrow keys inside it: keeps exactly one of its main buttons in the order of the Tab key,
 * the one that had the focus last. Ends with what it returns.
 */
export function rove(list: HTMLElement): () => void {
  const end = new AbortController();
  let current: HTMLElement | null = null;
  const stops = () => [...list.querySelectorAll<HTMLElement>(stopSelector)];
  const mark = () => {
    const all = stops();
    if (!current || !all.includes(current)) current = all[0] ?? null;
    for (const stop of all) stop.tabIndex = stop === current ? 0 : -1;
  };
  const focused = ({ target }: FocusEvent) => {
    const item = target instanceof Element ? target.closest('li') : null;
    current = item?.querySelector<HTMLElement>(stopSelector) ?? current;
    mark();
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (!(event.target instanceof HTMLElement) || !event.target.matches(stopSelector)) return;
    const all = stops();
    const to = neighbour(
      all.map((stop) => stop.getBoundingClientRect()),
      all.indexOf(event.target),
      event.key,
    );
    if (to === null) return;
    event.preventDefault();
    all[to]?.focus();
  };
  list.addEventListener('focusin', focused, { signal: end.signal });
  list.addEventListener('keydown', pressed, { signal: end.signal });
  const observer = new MutationObserver(mark);
  observer.observe(list, { childList: true, subtree: true });
  mark();
  return () => {
    end.abort();
    observer.disconnect();
  };
}
