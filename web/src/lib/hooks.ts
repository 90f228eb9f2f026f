import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import { api } from '@/api/client';
import type { Kind } from '@/api/types';
import { shortcutOf } from './keys';
import { rove } from './roving';
import { queryKeys } from './query_keys';
import { emptyStudio, type Studio } from './studio';

const always = { staleTime: Infinity, gcTime: Infinity } as const;

/** What the event stream has built up so far; null until the lists have been read once. */
export function useStudio<Selected>(select: (studio: Studio) => Selected): Selected | null {
  const { data } = useQuery<Studio, Error, Selected>({
    queryKey: queryKeys.studio,
    queryFn: () => emptyStudio,
    enabled: false,
    structuralSharing: false,
    select,
    ...always,
  });
  return data ?? null;
}

const noKinds: readonly Kind[] = [];

/** `loading` until the studio has told them, however long it is away: without them nothing is known of what is installed. */
export function useKinds(): { kinds: readonly Kind[]; loading: boolean } {
  const { data } = useQuery({ queryKey: queryKeys.kinds, queryFn: api.kinds, staleTime: 60_000 });
  return { kinds: data?.items ?? noKinds, loading: data === undefined };
}

/** How many credits can be spent now; null until the studio has said so. */
export function useBalance(): number | null {
  const { data } = useQuery({ queryKey: queryKeys.balance, queryFn: api.balance, staleTime: 10_000 });
  return data?.available ?? null;
}

const mediaQueries = new Map<string, MediaQueryList>();

/** One list for each text: asking the browser anew in every render of every part costs more than the render. */
function mediaQuery(text: string): MediaQueryList {
  const known = mediaQueries.get(text) ?? matchMedia(text);
  mediaQueries.set(text, known);
  return known;
}

export function useMediaQuery(text: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = mediaQuery(text);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    [text],
  );
  return useSyncExternalStore(subscribe, () => mediaQuery(text).matches);
}

/** Wide enough for the rail on the left and a panel on the right. */
export const useDesktop = (): boolean => useMediaQuery('(min-width: 64rem)');

/** How high an element is, in pixels, whatever changes it. */
export function useHeight(): [heightPx: number, ref: (element: HTMLElement | null) => void] {
  const [element, measure] = useState<HTMLElement | null>(null);
  const [height, setHeight] = useState(0);
  useLayoutEffect(() => {
    if (!element) return;
    const read = () => setHeight(element.offsetHeight);
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [height, measure];
}

export const gridHelpId = 'grid-help';

/** For the list element of a grid: one Tab stop, and arrow keys from tile to tile. */
export function useRoving(): (list: HTMLElement | null) => (() => void) | undefined {
  return useCallback((list) => (list ? rove(list) : undefined), []);
}

const typing = 'input, textarea, select, [contenteditable="true"], [role="menu"]';
const pressable = 'button, a, [role="slider"], [role="radio"]';
const walkable = '[role="slider"], [role="radio"]';

/**
 * Single-key shortcuts; they rest while someone is typing or a control would use the key itself. One that answers false
 * leaves the key to others; those of a part that must be asked first come `before`.
 */
export function useShortcuts(
  keys: Readonly<Record<string, () => unknown>>,
  { before = false }: { before?: boolean } = {},
): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const { target } = event;
      if (target instanceof Element && target.closest(typing)) return;
      if (event.key === ' ' && target instanceof Element && target.closest(pressable)) return;
      if (event.key.startsWith('Arrow') && target instanceof Element && target.closest(walkable)) return;
      const run = latest.current[shortcutOf(event) ?? ''];
      if (run && run() !== false) event.preventDefault();
    };
    window.addEventListener('keydown', pressed, { capture: before });
    return () => window.removeEventListener('keydown', pressed, { capture: before });
  }, [before]);
}
