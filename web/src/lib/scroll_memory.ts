import { useLayoutEffect } from 'react';

const storageKey = 'ourvidz.scroll';

/** Where each place was scrolled to, in pixels; kept over a reload, gone with the tab. */
class ScrollMemory {
  private readonly positions = new Map<string, number>(read());

  get(place: string): number | null {
    return this.positions.get(place) ?? null;
  }

  set(place: string, top: number | null): void {
    if (top === null) this.positions.delete(place);
    else this.positions.set(place, top);
  }

  save(): void {
    try {
      sessionStorage.setItem(storageKey, JSON.stringify([...this.positions]));
    } catch {
      // Then a reload begins at the top.
    }
  }
}

function read(): [string, number][] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(stored) ? (stored as [string, number][]) : [];
  } catch {
    return [];
  }
}

export const scrollMemory = new ScrollMemory();

export function keepScrollPositions(): void {
  window.addEventListener('pagehide', () => scrollMemory.save());
  document.addEventListener('visibilitychange', () => scrollMemory.save());
}

const ownMoves = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;

/**
 * Brings `scroller` back to where it was when its place was last seen, and holds it there while its content (its first
 * child) comes, until the reader moves it; from then on remembers where it is.
 */
export function useScrollMemory(scroller: HTMLElement | null, place: string): void {
  useLayoutEffect(() => {
    const content = scroller?.firstElementChild;
    if (!scroller || !content) return;
    let wanted = scrollMemory.get(place);
    const restore = () => {
      if (wanted !== null) scroller.scrollTo({ top: wanted });
    };
    const giveUp = () => {
      wanted = null;
    };
    const remember = () => {
      if (wanted === null) scrollMemory.set(place, scroller.scrollTop);
    };
    restore();
    const growth = new ResizeObserver(restore);
    growth.observe(content);
    const end = new AbortController();
    const { signal } = end;
    for (const type of ownMoves) scroller.addEventListener(type, giveUp, { passive: true, signal });
    scroller.addEventListener('scroll', remember, { passive: true, signal });
    return () => {
      end.abort();
      growth.disconnect();
    };
  }, [scroller, place]);
}
