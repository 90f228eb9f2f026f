import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, ProblemError } from '@/api/client';
import type { Asset, AssetState, Generation, RunRequest } from '@/api/types';
import { announce } from './announce';
import { applyToStudio, studioNow } from './apply_event';
import { runAgain } from './best_of';
import { forgetCancel, noteCancel } from './canceling';
import { retryOf } from './draft';
import { assets as words } from './messages/assets';
import { formatBytes } from './format';
import { errorText } from './messages/common';
import { tellMove, untellMove, type Move } from './moves';
import { answerOrSight, brief, patiently } from './patience';
import { queryKeys } from './query_keys';
import { groupOfRun, runOfStep } from './runs';
import { isOver } from './studio';
import { submit } from './submit';
import { toast } from './toasts';

const calls: Record<AssetState, (id: string) => Promise<Asset>> = {
  kept: api.keep,
  discarded: api.discard,
  staging: api.restore,
};

/** Shows the new state at once, and takes it back when the server says no or nothing. */
async function move(cache: QueryClient, asset: Asset, state: AssetState): Promise<boolean> {
  const hoped = { ...asset, state };
  /** What has been told of it since. */
  const told = () => {
    const now = studioNow(cache)?.assets[asset.id];
    return now === hoped ? undefined : now;
  };
  applyToStudio(cache, { type: 'asset', asset: hoped });
  try {
    const asking = patiently(() => calls[state](asset.id), brief);
    const moved = await answerOrSight(asking, cache, queryKeys.studio, () => {
      const now = told();
      return now?.state === state ? now : undefined;
    });
    applyToStudio(cache, { type: 'asset', asset: moved });
    return true;
  } catch (error) {
    // What the stream has told since is newer than what was here before.
    if (told() === undefined) {
      applyToStudio(cache, { type: 'asset', asset });
    }
    toast(errorText(error), { tone: 'danger' });
    return false;
  }
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

/** There is no way back, so nothing is shown before the server has said that it is done. */
async function deleteForGood(cache: QueryClient, { id }: Asset): Promise<boolean> {
  try {
    const { bytes } = await patiently(() => api.deleteForGood(id), brief);
    toast(words.deletedOne(formatBytes(bytes)));
  } catch (error) {
    // Deleted elsewhere, or by what was asked before and whose answer was lost.
    if (!isGone(error)) {
      toast(errorText(error), { tone: 'danger' });
      return false;
    }
  }
  applyToStudio(cache, { type: 'gone', name: 'asset', id });
  return true;
}

/** What was to be the drafts of something is so again. */
function again(cache: QueryClient, { id }: Generation): { run?: RunRequest } {
  const studio = studioNow(cache);
  const run = studio && runOfStep(studio, id);
  const group = run && groupOfRun(studio, run);
  if (group?.draft.id !== id || !group.draft.generation || !group.full.generation) return {};
  return { run: runAgain(group.draft.generation, group.full.generation) };
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
    const told = { asset, to, done: move(cache, asset, to) };
    tellMove(told, undoLater);
    const done = await told.done;
    if (!done) untellMove(told, undoLater);
    return done;
  };
  const cancel = async ({ id }: Generation) => {
    const ended = () => {
      const now = studioNow(cache)?.generations[id];
      return now && isOver(now) ? now : undefined;
    };
    noteCancel(id);
    try {
      const asking = patiently(() => api.cancel(id), brief);
      const after = await answerOrSight(asking, cache, queryKeys.studio, ended);
      applyToStudio(cache, { type: 'answered', generation: after });
    } catch (error) {
      forgetCancel(id);
      toast(errorText(error), { tone: 'danger' });
    }
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
      toast(errorText(error), { tone: 'danger' });
      return false;
    }
  };
  return {
    keep: (asset) => decide(asset, 'kept'),
    discard: (asset) => decide(asset, 'discarded'),
    restore: async (asset) => {
      const done = await move(cache, asset, 'staging');
      if (done) toast(words.restored);
      return done;
    },
    deleteForGood: (asset) => deleteForGood(cache, asset),
    cancel: (generation) => void cancel(generation),
    retry,
  };
}

export function useAssetActions(): AssetActions {
  const cache = useQueryClient();
  return useMemo(() => makeActions(cache), [cache]);
}
