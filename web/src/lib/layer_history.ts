import { useRouter } from '@tanstack/react-router';
import { useEffect, useId, useRef } from 'react';
import { Store } from './store';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** What is open over the page, from the bottom to the top. */
    layers?: readonly string[];
  }
}

/** How many layers have closed whose entries are still being taken out of the history. */
const leaving = new Store(0);

/**
 * Resolves when what has just closed has left nothing in the history. A navigation waits for it: one that comes between would
 * be undone with the entry.
 */
export async function layersLeft(): Promise<void> {
  // Whoever closes something and navigates in one go does both before React has taken it away.
  await new Promise((resolve) => setTimeout(resolve));
  if (leaving.get() === 0) return;
  await new Promise<void>((resolve) => {
    const unsubscribe = leaving.subscribe(() => {
      if (leaving.get() > 0) return;
      unsubscribe();
      resolve();
    });
  });
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
      if (!isThere || !layers().includes(id)) return;
      leaving.set((count) => count + 1);
      const left = history.subscribe(() => {
        left();
        leaving.set((count) => count - 1);
      });
      history.back();
    };
  }, [history, id, open]);
}
