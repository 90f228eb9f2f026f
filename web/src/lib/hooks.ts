import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { api } from '@/api/client';
import type { Kind } from '@/api/types';
import { shortcutOf } from './keys';
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

export function useKinds(): { kinds: readonly Kind[]; loading: boolean } {
  const { data, isPending } = useQuery({ queryKey: queryKeys.kinds, queryFn: api.kinds, staleTime: 60_000 });
  return { kinds: data?.items ?? noKinds, loading: isPending };
}

export function useMediaQuery(text: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = matchMedia(text);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    [text],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(text).matches);
}

/** Wide enough for the rail on the left and a panel on the right. */
export const useDesktop = (): boolean => useMediaQuery('(min-width: 64rem)');

const typing = 'input, textarea, select, [contenteditable="true"], [role="menu"]';
const pressable = 'button, a, [role="slider"], [role="radio"]';

/** Single-key shortcuts; they rest while someone is typing or a control would use the key itself. */
export function useShortcuts(keys: Readonly<Record<string, () => void>>, enabled = true): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (!enabled) return;
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const { target } = event;
      if (target instanceof Element && target.closest(typing)) return;
      if (event.key === ' ' && target instanceof Element && target.closest(pressable)) return;
      const run = latest.current[shortcutOf(event) ?? ''];
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [enabled]);
}
