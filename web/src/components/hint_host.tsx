import { useEffect, useLayoutEffect, useRef, useState } from 'react';

const delayMs = 500;
const gapPx = 6;
const edgePx = 8;
const bubbleId = 'hint';

interface Shown {
  text: string;
  shortcut: string | undefined;
  box: DOMRect;
  control: HTMLElement;
}

/**
 * One tooltip for the whole app: repeats what a control with `data-hint` says, and its key. While it is
 * shown it describes the control to screen readers, which read it from there; by itself it is nothing to be found.
 */
export function HintHost() {
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => {
    const end = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hide = () => {
      clearTimeout(timer);
      setShown(null);
    };
    const come = (event: Event) => {
      hide();
      const control = event.target instanceof Element && event.target.closest<HTMLElement>('[data-hint]');
      if (!control) return;
      const show = () => {
        const { hint = '', hintKey } = control.dataset;
        if (!control.isConnected) return;
        setShown({ text: hint, shortcut: hintKey, box: control.getBoundingClientRect(), control });
      };
      if (event.type === 'pointerover') timer = setTimeout(show, delayMs);
      // A screen reader reads the description as the focus arrives, so there is no time to wait.
      else if (control.matches(':focus-visible')) show();
    };
    for (const type of ['pointerover', 'focusin']) {
      document.addEventListener(type, come, { signal: end.signal });
    }
    for (const type of ['pointerdown', 'keydown', 'scroll', 'focusout']) {
      document.addEventListener(type, hide, { signal: end.signal, capture: true, passive: true });
    }
    return () => {
      end.abort();
      clearTimeout(timer);
    };
  }, []);
  return shown && <Bubble key={shown.text} {...shown} />;
}

/** Until it is called again, the control's description ends with the bubble's words. */
function describe(control: HTMLElement): () => void {
  const before = control.getAttribute('aria-describedby');
  control.setAttribute('aria-describedby', before === null ? bubbleId : `${before} ${bubbleId}`);
  return () => {
    if (before === null) control.removeAttribute('aria-describedby');
    else control.setAttribute('aria-describedby', before);
  };
}

function Bubble({ text, shortcut, box, control }: Shown) {
  useLayoutEffect(() => describe(control), [control]);
  const bubble = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = bubble.current;
    if (!element) return;
    const { offsetWidth: width, offsetHeight: height } = element;
    const left = box.left + box.width / 2 - width / 2;
    const above = box.top - gapPx - height;
    element.style.left = `${Math.max(edgePx, Math.min(left, innerWidth - width - edgePx))}px`;
    element.style.top = `${above < edgePx ? box.bottom + gapPx : above}px`;
  }, [box]);
  return (
    <div
      ref={bubble}
      id={bubbleId}
      role="tooltip"
      aria-hidden
      className="animate-appear pointer-events-none fixed z-60 max-w-64 rounded-sm bg-text px-2 py-1 text-xs text-surface"
    >
      {text}
      {shortcut !== undefined && (
        <>
          {' '}
          <kbd className="ml-1 font-sans opacity-75">{shortcut}</kbd>
        </>
      )}
    </div>
  );
}
