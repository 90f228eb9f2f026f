import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '@/api/client';
import type { Asset, Run } from '@/api/types';
import { announce } from './announce';
import { applyToStudio, studioNow } from './apply_event';
import { forgetCancel, noteCancel } from './canceling';
import { errorText } from './messages/common';
import { runs as words } from './messages/runs';
import { answerOrSight, brief, patiently } from './patience';
import { queryKeys } from './query_keys';
import { creditsToCome, groupOfRun, isEnlarging, type RunGroup } from './runs';
import { Store } from './store';
import { toast } from './toasts';

/** What the studio has been told of runs and has not confirmed yet: which draft, or null for none of them. */
export const decidingStore = new Store<ReadonlyMap<string, string | null>>(new Map());

function decide(runId: string, assetId: string | null): () => void {
  decidingStore.set((all) => new Map(all).set(runId, assetId));
  return () => decidingStore.set((all) => new Map([...all].filter(([id]) => id !== runId)));
}

/** The run as soon as it is seen here in one of these phases. */
const sight = (cache: QueryClient, id: string, phases: readonly RunGroup['phase'][]) => () => {
  const studio = studioNow(cache);
  const run = studio?.runs[id];
  const group = studio && run && groupOfRun(studio, run);
  return group && phases.includes(group.phase) ? group.run : undefined;
};

const decided = ['making', 'done', 'over'] as const;
const ended = ['done', 'over'] as const;
const never = new Promise<never>(() => undefined);

interface RunActions {
  choose: (run: Run, asset: Asset) => void;
  /** Stops what is not done; the drafts that are there stay. */
  stop: (group: RunGroup) => void;
}

async function choose(cache: QueryClient, run: Run, asset: Asset): Promise<void> {
  if (decidingStore.get().has(run.id)) return;
  const forget = decide(run.id, asset.id);
  try {
    const asking = patiently(() => api.approveRun(run.id, asset.id), brief);
    const after = await answerOrSight(asking, cache, queryKeys.studio, sight(cache, run.id, decided));
    applyToStudio(cache, { type: 'run', run: after });
    announce(words.chosenNow);
    await answerOrSight(never, cache, queryKeys.studio, sight(cache, run.id, decided));
  } catch (error) {
    toast(errorText(error), { tone: 'danger' });
  } finally {
    forget();
  }
}

async function stop(cache: QueryClient, group: RunGroup): Promise<void> {
  const { run, draft } = group;
  const givenBack = creditsToCome(group);
  if (decidingStore.get().has(run.id)) return;
  const isDrafting = group.phase === 'drafting';
  const wasEnlarging = isEnlarging(group);
  const forget = decide(run.id, null);
  // What ends with its drafts is told of as they are.
  if (isDrafting) noteCancel(draft.id);
  try {
    const asking = patiently(() => api.cancelRun(run.id), brief);
    const after = await answerOrSight(asking, cache, queryKeys.studio, sight(cache, run.id, ended));
    applyToStudio(cache, { type: 'run', run: after });
    const end = await answerOrSight(never, cache, queryKeys.studio, sight(cache, run.id, ended));
    const now = studioNow(cache);
    const left = now && groupOfRun(now, end);
    const isStopped = wasEnlarging ? left?.enlarged?.state === 'canceled' : left?.phase === 'over';
    if (isStopped && !isDrafting) toast(words.stopped(givenBack, wasEnlarging));
    void cache.invalidateQueries({ queryKey: queryKeys.balance });
  } catch (error) {
    if (isDrafting) forgetCancel(draft.id);
    toast(errorText(error), { tone: 'danger' });
  } finally {
    forget();
  }
}

export function useRunActions(): RunActions {
  const cache = useQueryClient();
  return useMemo(
    () => ({
      choose: (run, asset) => void choose(cache, run, asset),
      stop: (group) => void stop(cache, group),
    }),
    [cache],
  );
}
