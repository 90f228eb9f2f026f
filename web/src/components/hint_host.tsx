import { useEffect, useLayoutEffect, useRef, useState } from 'react';

const delayMs = 500;
const gapPx = 6;
const edgePx = 8;

interface Shown {
  text: string;
  shortcut: string | undefined;
  box: DOMRect;
}

/**
 * One tooltip for the whole app: repeats what a control with `data-hint` says, and its key. It is never the only place of a
 * fact, and so it is hidden from screen readers, to whom the control says the same.
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
      if (!control || (event.type === 'focusin' && !control.matches(':focus-visible'))) return;
      timer = setTimeout(() => {
        const { hint = '', hintKey } = control.dataset;
        if (control.isConnected) {
          setShown({ text: hint, shortcut: hintKey, box: control.getBoundingClientRect() });
        }
      }, delayMs);
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

function Bubble({ text, shortcut, box }: Shown) {
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
      aria-hidden
      className="animate-appear pointer-events-none fixed z-60 max-w-64 rounded-sm bg-text px-2 py-1 text-xs text-surface"
    >
      {text}
      {shortcut !== undefined && <kbd className="ml-2 font-sans opacity-75">{shortcut}</kbd>}
    </div>
  );
}
