import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '@/api/client';
import type { Asset, AssetState, Generation } from '@/api/types';
import { announce } from './announce';
import { forgetCancel, noteCancel, noteEnd } from './canceling';
import { retryOf } from './draft';
import { newId } from './ids';
import { foldLibrary } from './library_pages';
import { assets as words } from './messages/assets';
import { errorText } from './messages/common';
import { tellMove, untellMove, type Move } from './moves';
import { noteAnswer, noteNotSent, noteSent } from './outgoing';
import { noteOwn } from './own';
import { queryKeys } from './query_keys';
import { emptyStudio, fold, type Studio, type StudioEvent } from './studio';
import { toast } from './toasts';

export function applyToStudio(cache: QueryClient, event: StudioEvent): void {
  cache.setQueryData<Studio>(queryKeys.studio, (studio) => fold(studio ?? emptyStudio, event));
  if (event.type === 'asset') foldLibrary(cache, event.asset);
  if (event.type !== 'answered') return;
  noteOwn(event.generation.id);
  noteEnd(event.generation);
}

const calls: Record<AssetState, (id: string) => Promise<Asset>> = {
  kept: api.keep,
  discarded: api.discard,
  staging: api.restore,
};

/** Shows the new state at once, and takes it back when the server says no. */
async function move(cache: QueryClient, asset: Asset, state: AssetState): Promise<boolean> {
  applyToStudio(cache, { type: 'asset', asset: { ...asset, state } });
  try {
    applyToStudio(cache, { type: 'asset', asset: await calls[state](asset.id) });
    return true;
  } catch (error) {
    applyToStudio(cache, { type: 'asset', asset });
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

interface AssetActions {
  /** Each says, once the server has, whether it was done. */
  keep: (asset: Asset) => Promise<boolean>;
  discard: (asset: Asset) => Promise<boolean>;
  restore: (asset: Asset) => Promise<boolean>;
  cancel: (generation: Generation) => void;
  retry: (generation: Generation) => void;
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
  const cancel = async (generation: Generation) => {
    noteCancel(generation.id);
    try {
      const after = await api.cancel(generation.id);
      applyToStudio(cache, { type: 'answered', generation: after });
    } catch (error) {
      forgetCancel(generation.id);
      toast(errorText(error), { tone: 'danger' });
    }
  };
  const retry = async (generation: Generation) => {
    const key = newId();
    const body = retryOf(generation);
    noteSent(key, body, generation.medium, cache.getQueryData<Studio>(queryKeys.studio));
    try {
      const made = await api.create(body, key);
      noteAnswer(key, made);
      applyToStudio(cache, { type: 'answered', generation: made });
      announce(words.retried);
    } catch (error) {
      noteNotSent(key);
      toast(errorText(error), { tone: 'danger' });
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
    cancel: (generation) => void cancel(generation),
    retry: (generation) => void retry(generation),
  };
}

export function useAssetActions(): AssetActions {
  const cache = useQueryClient();
  return useMemo(() => makeActions(cache), [cache]);
}
