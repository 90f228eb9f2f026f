import { expect, test } from 'vitest';
import { aGeneration, aProgress } from './fixtures';
import { isMoved, moveOf, ownQueue } from './own_queue';
import { emptyStudio } from './studio';

const waiting = (id: string, place: number) =>
  aGeneration({ id, progress: aProgress({ generation_id: id, phase: 'queued', queue_position: place }) });

const studio = {
  ...emptyStudio,
  generations: {
    c: waiting('c', 5),
    a: waiting('a', 0),
    b: waiting('b', 2),
    runs: aGeneration({ id: 'runs', state: 'running' }),
    rests: aGeneration({ id: 'rests', paused: true }),
    done: aGeneration({ id: 'done', state: 'succeeded' }),
    talk: aGeneration({ id: 'talk', medium: 'chat' }),
  },
};

test('what runs comes first, then the line in its order, then what is paused', () => {
  expect(ownQueue(studio).map((one) => one.id)).toEqual(['runs', 'a', 'b', 'c', 'rests']);
});

test('moves name what comes after', () => {
  const queue = ownQueue(studio);
  const [a, b, c] = [studio.generations.a, studio.generations.b, studio.generations.c];
  expect(moveOf(queue, c, 'front')).toEqual({ id: 'c', before: null });
  expect(moveOf(queue, c, 'up')).toEqual({ id: 'c', before: 'b' });
  expect(moveOf(queue, a, 'down')).toEqual({ id: 'b', before: 'a' });
  expect(moveOf(queue, b, 'down')).toEqual({ id: 'c', before: 'b' });
});

test('nothing moves beyond the ends, and what does not wait does not move', () => {
  const queue = ownQueue(studio);
  expect(moveOf(queue, studio.generations.a, 'up')).toBeUndefined();
  expect(moveOf(queue, studio.generations.a, 'front')).toBeUndefined();
  expect(moveOf(queue, studio.generations.c, 'down')).toBeUndefined();
  expect(moveOf(queue, studio.generations.runs, 'up')).toBeUndefined();
  expect(moveOf(queue, studio.generations.rests, 'up')).toBeUndefined();
});

test('what stands where a move puts it is moved', () => {
  const queue = ownQueue(studio);
  expect(isMoved(queue, { id: 'a', before: null })).toBe(true);
  expect(isMoved(queue, { id: 'b', before: 'c' })).toBe(true);
  expect(isMoved(queue, { id: 'c', before: null })).toBe(false);
  expect(isMoved(queue, { id: 'c', before: 'b' })).toBe(false);
  expect(isMoved(queue, { id: 'gone', before: null })).toBe(false);
});
