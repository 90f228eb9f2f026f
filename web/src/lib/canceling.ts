import type { Generation } from '@/api/types';
import { assets as words } from './messages/assets';
import { Store } from './store';
import { isOver } from './studio';
import { toast } from './toasts';

/** Generations that were told to stop and have not ended yet: an engine ends at its next step. */
export const cancelingStore = new Store<ReadonlySet<string>>(new Set());

export function noteCancel(generationId: string): void {
  cancelingStore.set((ids) => new Set(ids).add(generationId));
}

export function forgetCancel(generationId: string): void {
  cancelingStore.set((ids) => {
    if (!ids.has(generationId)) return ids;
    const left = new Set(ids);
    left.delete(generationId);
    return left;
  });
}

/** Says what became of a cancel, once, when the generation has really ended. */
export function noteEnd(generation: Generation): void {
  if (!isOver(generation) || !cancelingStore.get().has(generation.id)) return;
  forgetCancel(generation.id);
  if (generation.state !== 'canceled' || generation.medium === 'chat') return;
  const paid = generation.credits > 0;
  if (generation.assets.length > 0) toast(paid ? words.canceledSome : words.canceledSomeFree);
  else toast(paid ? words.canceled : words.canceledFree);
}
