import { useQuery, type QueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Asset, Trash } from '@/api/types';
import { queryKeys } from './query_keys';

const dayMs = 86_400_000;
/** What goes in quick succession is counted once. */
const countedAfterMs = 300;

/** How much is in the trash, and for how long it stays; null until the studio has said so. */
export function useTrash(): Trash | null {
  const { data } = useQuery({ queryKey: queryKeys.trash, queryFn: api.trash, staleTime: 60_000 });
  return data ?? null;
}

let counting: ReturnType<typeof setTimeout> | null = null;

/** Something has come into the trash or has left it. */
export function countTrashSoon(cache: QueryClient): void {
  counting ??= setTimeout(() => {
    counting = null;
    void cache.invalidateQueries({ queryKey: queryKeys.trash });
  }, countedAfterMs);
}

/** In how many days it is deleted for good, begun ones counted; 0: today. */
export function daysLeft(asset: Asset, keptDays: number, now: number): number {
  const since = asset.discarded_at ? Date.parse(asset.discarded_at) : now;
  return Math.max(0, Math.ceil((since + keptDays * dayMs - now) / dayMs - 1 / 24));
}
