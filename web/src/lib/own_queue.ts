import type { Generation } from '@/api/types';
import { isOver, type Studio } from './studio';

const farBehind = Number.MAX_SAFE_INTEGER;

const rank = (generation: Generation): number =>
  generation.state === 'running' ? -1 : (generation.progress?.queue_position ?? farBehind);

/** Pictures and clips that are not done: what runs, then what waits in its order, then what is paused. */
export function ownQueue(studio: Pick<Studio, 'generations'>): Generation[] {
  return Object.values(studio.generations)
    .filter((generation) => generation.medium !== 'chat' && !isOver(generation))
    .sort(
      (a, b) =>
        Number(a.paused) - Number(b.paused) || rank(a) - rank(b) || a.created_at.localeCompare(b.created_at),
    );
}

/** Those that wait in one line with it, in order: what it can be moved among. */
function lineOf(queue: readonly Generation[], generation: Generation): Generation[] {
  return queue.filter(
    (other) => other.state === 'queued' && !other.paused && other.medium === generation.medium,
  );
}

export interface Move {
  id: string;
  before: string | null;
}

/** The call that moves it one place, or to the front; undefined when it is there already. */
export function moveOf(
  queue: readonly Generation[],
  generation: Generation,
  where: 'front' | 'up' | 'down',
): Move | undefined {
  const line = lineOf(queue, generation);
  const at = line.findIndex((other) => other.id === generation.id);
  if (at < 0 || (where !== 'down' && at === 0)) return undefined;
  if (where === 'front') return { id: generation.id, before: null };
  // One place down is the next one going one place up.
  const [goes, stays] = where === 'up' ? [generation, line[at - 1]] : [line[at + 1], generation];
  return goes && stays ? { id: goes.id, before: stays.id } : undefined;
}

/** Whether it stands where this call puts it. */
export function isMoved(queue: readonly Generation[], { id, before }: Move): boolean {
  const generation = queue.find((one) => one.id === id);
  if (!generation) return false;
  const line = lineOf(queue, generation).map((one) => one.id);
  const at = line.indexOf(id);
  return before === null ? at === 0 : at >= 0 && line[at + 1] === before;
}
