import { useState, useSyncExternalStore } from 'react';
import { arrivals } from '@/lib/arrivals';
import { arrivalOf, outgoingStore } from '@/lib/outgoing';
import { ownStore } from '@/lib/own';
import { useStore } from '@/lib/store';
import type { Studio } from '@/lib/studio';
import type { Tile } from '@/lib/tiles';

const onVisibility = (changed: () => void) => {
  document.addEventListener('visibilitychange', changed);
  return () => document.removeEventListener('visibilitychange', changed);
};

/** The tiles to be shown, and how many wait until `letIn` is called or nobody looks. */
export function useArrivals(studio: Studio | null, tiles: readonly Tile[] | null) {
  const [line, setLine] = useState<string | null>(null);
  const outgoing = useStore(outgoingStore);
  const own = useStore(ownStore);
  const unseen = useSyncExternalStore(onVisibility, () => document.hidden);
  if (!studio || !tiles) return null;
  const isOwn = (id: string) => own.has(id) || outgoing.some((one) => arrivalOf(one, studio)?.id === id);
  const found = arrivals(tiles, unseen ? null : line, isOwn);
  if (found.line !== line) setLine(found.line);
  return { ...found, letIn: () => setLine(null) };
}
