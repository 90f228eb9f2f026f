import { promptOfGeneration } from './generation_prompt';
import type { QueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Generation } from '@/api/types';
import { applyToStudio, studioNow } from './apply_event';
import { run } from './errands';
import { assets as words } from './messages/assets';
import { errands as tasks } from './messages/errands';
import { queryKeys } from './query_keys';
import { forgetStored, readStored } from './storage';
import { Store } from './store';
import { toast, toastStore } from './toasts';

/** Where it was kept while each browser had its own. */
const olderKey = 'ourvidz.dismissed';
const parseIds = (raw: unknown): string[] =>
  Array.isArray(raw) ? raw.filter((id) => typeof id === 'string') : [];

/** Failed generations that are put away here, before the studio has said so. */
export const puttingAway = new Store<ReadonlySet<string>>(new Set(readStored(olderKey, parseIds) ?? []));

function forget(id: string): void {
  puttingAway.set((ids) => new Set([...ids].filter((one) => one !== id)));
}

function change(cache: QueryClient, generation: Generation, away: boolean): Promise<boolean> {
  const { id } = generation;
  const name = tasks.asset(promptOfGeneration(generation), generation.medium, false);
  const look = () => {
    const now = studioNow(cache)?.generations[id];
    return now?.put_away === away ? now : undefined;
  };
  return run(cache, {
    about: id,
    what: away ? tasks.putAway(name) : tasks.showAgain(name),
    ask: () => api.edit(id, { put_away: away }),
    seen: { queryKey: queryKeys.studio, look },
    begin: () => {
      if (away) puttingAway.set((ids) => new Set(ids).add(id));
    },
    takeBack: () => forget(id),
    onDone: (generation) => {
      applyToStudio(cache, { type: 'generation', generation });
      forget(id);
    },
  });
}

const group = 'put away';
const recent = new Store<readonly Generation[]>([]);

/** Quickly one after the other they are one toast with one Undo. */
function tell(cache: QueryClient, generation: Generation): void {
  const isShown = toastStore.get().some((one) => one.group === group);
  recent.set((before) => [...(isShown ? before : []), generation]);
  const all = recent.get();
  const undo = () => {
    for (const one of all) void change(cache, one, false);
  };
  toast(words.putAway(all.length), { group, action: { label: words.undo, run: undo } });
}

/** What has failed is seen, and shown in no browser any more. */
export async function putAway(cache: QueryClient, generation: Generation): Promise<void> {
  if (await change(cache, generation, true)) tell(cache, generation);
}

/** Tells the studio, once, what this browser alone has put away. */
export async function tellWhatWasPutAway(cache: QueryClient): Promise<void> {
  const ids = new Set(readStored(olderKey, parseIds));
  const known = Object.values(studioNow(cache)?.generations ?? {});
  const untold = known.filter(({ id, state, put_away: away }) => ids.has(id) && state === 'failed' && !away);
  try {
    const told = await Promise.all(untold.map(({ id }) => api.edit(id, { put_away: true })));
    forgetStored(olderKey);
    for (const generation of told) {
      applyToStudio(cache, { type: 'generation', generation });
      forget(generation.id);
    }
  } catch {
    // They stay put away here, and are told of the next time.
  }
}
