import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '@/api/client';
import type { Generation } from '@/api/types';
import { announce } from '@/lib/announce';
import { studioNow } from '@/lib/apply_event';
import { run } from '@/lib/errands';
import { promptOfGeneration } from '@/lib/generation_prompt';
import { errands } from '@/lib/messages/errands';
import { queue as words } from '@/lib/messages/queue';
import { isMoved, ownQueue, type Move } from '@/lib/own_queue';
import { answerOrSight, brief, patiently } from '@/lib/patience';
import { queryKeys } from '@/lib/query_keys';

const nameOf = (generation: Generation): string =>
  errands.asset(promptOfGeneration(generation), generation.medium, false);

/** The generation as it is known now, where that fits. */
const seen = (cache: QueryClient, id: string, fits: (now: Generation) => boolean) => ({
  queryKey: queryKeys.studio,
  look: () => {
    const now = studioNow(cache)?.generations[id];
    return now && fits(now) ? now : undefined;
  },
});

/** Each says what it has done to who cannot see it, and where that is not certain. What it changes comes by the stream. */
function makeActions(cache: QueryClient) {
  return {
    pause: (generation: Generation) =>
      void run(cache, {
        about: generation.id,
        what: errands.pause(nameOf(generation)),
        ask: () => api.pause(generation.id),
        seen: seen(cache, generation.id, ({ paused }) => paused),
        onDone: () => announce(words.pausedNow(promptOfGeneration(generation))),
      }),
    resume: (generation: Generation) =>
      void run(cache, {
        about: generation.id,
        what: errands.resume(nameOf(generation)),
        ask: () => api.resume(generation.id),
        seen: seen(cache, generation.id, ({ paused }) => !paused),
        onDone: () => announce(words.resumedNow(promptOfGeneration(generation))),
      }),
    move: (generation: Generation, move: Move) =>
      void run(cache, {
        about: generation.id,
        what: errands.move(nameOf(generation)),
        ask: () => api.move(move.id, move.before),
        seen: seen(cache, move.id, () => isMoved(ownQueue(studioNow(cache) ?? { generations: {} }), move)),
        onDone: () => announce(words.moved(promptOfGeneration(generation))),
      }),
    /** The changed one; throws why it is not changed, for its words have a field of their own. */
    edit: ({ id }: Generation, prompt: string): Promise<Generation> => {
      const asking = patiently(() => api.edit(id, { prompt }), brief);
      const { queryKey, look } = seen(cache, id, (now) => promptOfGeneration(now) === prompt);
      return answerOrSight(asking, cache, queryKey, look);
    },
  };
}

export function useQueueActions() {
  const cache = useQueryClient();
  return useMemo(() => makeActions(cache), [cache]);
}
