import { promptOfGeneration } from './generation_prompt';
import type { QueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Generation } from '@/api/types';
import { applyToStudio, studioNow } from './apply_event';
import { forgetCancel, noteCancel } from './canceling';
import { run } from './errands';
import { errands as words } from './messages/errands';
import { queryKeys } from './query_keys';
import { isOver } from './studio';

function askToCancel(cache: QueryClient, id: string, what: string): void {
  const look = () => {
    const now = studioNow(cache)?.generations[id];
    return now && isOver(now) ? now : undefined;
  };
  void run(cache, {
    about: id,
    what,
    ask: () => api.cancel(id),
    seen: { queryKey: queryKeys.studio, look },
    begin: () => noteCancel(id),
    takeBack: () => forgetCancel(id),
    onDone: (generation) => applyToStudio(cache, { type: 'answered', generation }),
  });
}

export function cancel(cache: QueryClient, generation: Generation): void {
  const name = words.asset(promptOfGeneration(generation), generation.medium, false);
  askToCancel(cache, generation.id, words.cancel(name));
}

export const stopAnswer = (cache: QueryClient, generationId: string): void =>
  askToCancel(cache, generationId, words.stopAnswer);
