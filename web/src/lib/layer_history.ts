import { useRouter } from '@tanstack/react-router';
import { useEffect, useId, useRef } from 'react';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** What is open over the page, from the bottom to the top. */
    layers?: readonly string[];
  }
}

/**
 * "Back" closes what is open over a page, and never leaves the page: opening adds an entry to the history, and what closes
 * in another way takes it out again.
 */
export function useBackCloses(open: boolean, onClose: () => void): void {
  const id = useId();
  const { history } = useRouter();
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    if (!open) return;
    const layers = () => history.location.state.layers ?? [];
    let isThere = false;
    const unsubscribe = history.subscribe(() => {
      if (!isThere || layers().includes(id)) return;
      isThere = false;
      close.current();
    });
    // Not at once: what is mounted twice, as strict mode does, must not leave an entry behind.
    const timer = setTimeout(() => {
      history.push(history.location.href, { ...history.location.state, layers: [...layers(), id] });
      isThere = true;
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
      if (isThere && layers().includes(id)) history.back();
    };
  }, [history, id, open]);
}
