import type { QueryClient } from '@tanstack/react-query';
import { api, ProblemError } from '@/api/client';
import type { Asset } from '@/api/types';
import { announce } from '@/lib/announce';
import { showInLibrary, studioNow } from '@/lib/apply_event';
import { errorText } from '@/lib/messages/common';
import { staging as words } from '@/lib/messages/staging';
import { readOlder } from '@/lib/older';
import { brief, patiently } from '@/lib/patience';
import { queryKeys } from '@/lib/query_keys';
import { Store } from '@/lib/store';
import { fold, isVisible, type Studio, type StudioEvent } from '@/lib/studio';
import { toast } from '@/lib/toasts';
import { allOf } from './all_of';

/** What is being done to all that is not shown. */
interface HeldWork {
  removing: boolean;
  done: number;
  /** null while they are still being looked for. */
  of: number | null;
}

export const heldWork = new Store<HeldWork | null>(null);

const lanes = 4;
const drawnEveryMs = 200;
let stopped = false;

export const stopHeldWork = (): void => {
  stopped = true;
};

export const isHidden = (asset: Asset): boolean => asset.state === 'staging' && !isVisible(asset);

/** Many at once, so that a thousand of them are not a thousand drawings of the workspace. */
function apply(cache: QueryClient, news: readonly StudioEvent[]): void {
  cache.setQueryData<Studio>(queryKeys.studio, (studio) => (studio ? news.reduce(fold, studio) : studio));
  for (const event of news) showInLibrary(cache, event);
}

/** All of them, also those on pages that nobody has asked for yet. */
async function findAll(cache: QueryClient): Promise<Asset[]> {
  while (!stopped && (studioNow(cache)?.stagingCursor ?? null) !== null) await readOlder(cache);
  return Object.values(studioNow(cache)?.assets ?? {}).filter(isHidden);
}

/** What became of it; one that has been deleted needs no move. */
async function moveOne(move: (id: string) => Promise<Asset>, { id }: Asset): Promise<StudioEvent> {
  try {
    return { type: 'asset', asset: await patiently(() => move(id), brief) };
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'not_found') {
      return { type: 'gone', name: 'asset', id };
    }
    throw error;
  }
}

/** Moves them and says how far it is; answers those that were moved, and why it ended early. */
async function moveAll(
  cache: QueryClient,
  find: () => Promise<readonly Asset[]>,
  removing: boolean,
): Promise<{ moved: Asset[]; of: number; failure: unknown }> {
  const moved: Asset[] = [];
  const news: StudioEvent[] = [];
  let drawn = 0;
  let drawnAt = 0;
  stopped = false;
  heldWork.set(() => ({ removing, done: 0, of: null }));
  try {
    const all = await find();
    const draw = () => {
      apply(cache, news.slice(drawn));
      drawn = news.length;
      drawnAt = performance.now();
      heldWork.set(() => ({ removing, done: moved.length, of: all.length }));
    };
    draw();
    const move = async (asset: Asset) => {
      news.push(await moveOne(removing ? api.discard : api.restore, asset));
    };
    const onDone = (asset: Asset) => {
      moved.push(asset);
      if (performance.now() - drawnAt > drawnEveryMs) draw();
    };
    const failed = await allOf(all, move, { lanes, onDone, isStopped: () => stopped });
    draw();
    return { moved, of: all.length, failure: failed?.failure ?? null };
  } catch (failure) {
    return { moved, of: moved.length, failure };
  } finally {
    heldWork.set(() => null);
  }
}

async function bringBack(cache: QueryClient, removed: readonly Asset[]): Promise<void> {
  const { moved, of, failure } = await moveAll(cache, () => Promise.resolve(removed), false);
  const said = words.broughtBack(moved.length, of);
  if (failure === null) announce(said);
  else toast(`${said} ${errorText(failure)}`, { tone: 'danger' });
}

/** Puts all that is held or stopped into the trash; one Undo takes all of it back. */
export async function removeHidden(cache: QueryClient): Promise<void> {
  if (heldWork.get() !== null) return;
  announce(words.removingAll);
  const { moved, of, failure } = await moveAll(cache, () => findAll(cache), true);
  const why = failure === null ? '' : ` ${errorText(failure)}`;
  if (moved.length === 0) {
    if (failure !== null) toast(errorText(failure), { tone: 'danger' });
    return;
  }
  const undo = { label: words.undo, run: () => void bringBack(cache, moved) };
  toast(words.removed(moved.length, of) + why, {
    tone: failure === null ? 'plain' : 'danger',
    action: undo,
  });
}
