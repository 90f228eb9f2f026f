import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, ProblemError } from '@/api/client';
import type { Asset, AssetState, Generation, RunRequest } from '@/api/types';
import { announce } from './announce';
import { applyToStudio, studioNow } from './apply_event';
import { promptOfAsset } from './asset_prompt';
import { runAgain } from './best_of';
import { cancel } from './cancel';
import { retryOf } from './draft';
import { run, tellNotDone } from './errands';
import { assets as words } from './messages/assets';
import { formatBytes } from './format';
import { errands as tasks } from './messages/errands';
import { isInLibrary } from './library_pages';
import { tellMove, untellMove, type Move } from './moves';
import { queryKeys } from './query_keys';
import { groupOfRun, runOfStep } from './runs';
import { submit } from './submit';
import { toast } from './toasts';

const calls: Record<AssetState, (id: string) => Promise<Asset>> = {
  kept: api.keep,
  discarded: api.discard,
  staging: api.restore,
};

const nameOf = (asset: Asset): string =>
  tasks.asset(promptOfAsset(asset), asset.medium, asset.generation_id === null);

/** Shows the new state at once, and takes it back when the server says no or nothing; `onLate`: it was done after that. */
function move(
  cache: QueryClient,
  asset: Asset,
  state: AssetState,
  onLate: () => void = () => undefined,
): Promise<boolean> {
  const hoped = { ...asset, state };
  /** What has been told of it since. */
  const told = () => {
    const now = studioNow(cache)?.assets[asset.id];
    return now === hoped ? undefined : now;
  };
  const look = () => {
    const now = told();
    return now?.state === state ? now : undefined;
  };
  return run(cache, {
    about: asset.id,
    what: tasks.moves[state](nameOf(asset)),
    ask: () => calls[state](asset.id),
    seen: { queryKey: queryKeys.studio, look },
    begin: () => applyToStudio(cache, { type: 'asset', asset: hoped }),
    takeBack: () => {
      // What the stream has told since is newer than what was here before.
      if (told() === undefined) applyToStudio(cache, { type: 'asset', asset });
    },
    onDone: (moved, late) => {
      applyToStudio(cache, { type: 'asset', asset: moved });
      if (late) onLate();
    },
  });
}

/** Waits for the move itself: an Undo may be faster than the server. Says whether there was something to take back. */
async function undo(cache: QueryClient, { asset, done }: Move): Promise<boolean> {
  if (!(await done)) return false;
  const back = await move(cache, asset, 'staging');
  if (back && asset.state === 'kept') await move(cache, { ...asset, state: 'staging' }, 'kept');
  return back;
}

const isGone = (error: unknown): boolean =>
  error instanceof ProblemError && error.problem.code === 'not_found';

/** How much was given back; null: it was deleted elsewhere, or by what was asked before and whose answer was lost. */
async function askToDelete(id: string): Promise<{ bytes: number | null }> {
  try {
    return await api.deleteForGood(id);
  } catch (error) {
    if (!isGone(error)) throw error;
    return { bytes: null };
  }
}

/** There is no way back, so nothing is shown before the server has said that it is done. */
function deleteForGood(cache: QueryClient, asset: Asset): Promise<boolean> {
  const { id } = asset;
  const wasListed = isInLibrary(cache, 'discarded', id);
  return run(cache, {
    about: id,
    what: tasks.deleteForGood(nameOf(asset)),
    ask: () => askToDelete(id),
    seen: {
      queryKey: queryKeys.libraryOf('discarded'),
      saysLess: true,
      look: () => (wasListed && !isInLibrary(cache, 'discarded', id) ? { bytes: null } : undefined),
    },
    onDone: ({ bytes }) => {
      applyToStudio(cache, { type: 'gone', name: 'asset', id });
      toast(bytes === null ? words.deletedBefore : words.deletedOne(formatBytes(bytes)));
    },
  });
}

/** What was to be the drafts of something is so again. */
function again(cache: QueryClient, { id }: Generation): { run?: RunRequest } {
  const studio = studioNow(cache);
  const run = studio && runOfStep(studio, id);
  const group = run && groupOfRun(studio, run);
  if (group?.draft.id !== id || !group.draft.generation || !group.full.generation) return {};
  return { run: runAgain(group.draft.generation, group.full.generation, group.enlarged?.credits) };
}

interface AssetActions {
  /** Each says, once the server has, whether it was done. */
  keep: (asset: Asset) => Promise<boolean>;
  discard: (asset: Asset) => Promise<boolean>;
  restore: (asset: Asset) => Promise<boolean>;
  deleteForGood: (asset: Asset) => Promise<boolean>;
  cancel: (generation: Generation) => void;
  /** Says whether it was accepted. */
  retry: (generation: Generation) => Promise<boolean>;
}

function makeActions(cache: QueryClient): AssetActions {
  const undoAll = async (moves: readonly Move[]) => {
    const undone = await Promise.all(moves.map((one) => undo(cache, one)));
    if (undone.includes(true)) announce(words.restored);
  };
  const undoLater = (moves: readonly Move[]) => void undoAll(moves);
  const decide = async (asset: Asset, to: Move['to']) => {
    const told: Move = { asset, to, done: move(cache, asset, to, () => tellMove(told, undoLater)) };
    tellMove(told, undoLater);
    const done = await told.done;
    if (!done) untellMove(told, undoLater);
    return done;
  };
  const retry = async (generation: Generation) => {
    const request = {
      body: retryOf(generation),
      ...again(cache, generation),
      medium: generation.medium,
      draft: null,
    };
    try {
      // What has failed keeps its tile until this has been accepted.
      await submit(cache, request, () => true);
      announce(words.retried);
      return true;
    } catch (error) {
      const { prompt = '' } = generation.settings;
      tellNotDone(tasks.makeAgain(tasks.asset(prompt, generation.medium, false)), error);
      return false;
    }
  };
  return {
    keep: (asset) => decide(asset, 'kept'),
    discard: (asset) => decide(asset, 'discarded'),
    restore: async (asset) => {
      const told = () => toast(words.restored);
      const done = await move(cache, asset, 'staging', told);
      if (done) told();
      return done;
    },
    deleteForGood: (asset) => deleteForGood(cache, asset),
    cancel: (generation) => cancel(cache, generation),
    retry,
  };
}

export function useAssetActions(): AssetActions {
  const cache = useQueryClient();
  return useMemo(() => makeActions(cache), [cache]);
}
