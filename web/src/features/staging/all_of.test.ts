import { expect, it } from 'vitest';
import { allOf } from './all_of';

const items = Array.from({ length: 20 }, (_, at) => at);
const soon = () => new Promise((resolve) => setTimeout(resolve, 1));

it('does it to each once, never more at once than there are lanes', async () => {
  const done: number[] = [];
  let now = 0;
  let most = 0;
  const act = async () => {
    most = Math.max(most, ++now);
    await soon();
    now--;
  };
  const all = { lanes: 4, onDone: (item: number) => done.push(item), isStopped: () => false };
  expect(await allOf(items, act, all)).toBeNull();
  expect(done.toSorted((a, b) => a - b)).toEqual(items);
  expect(most).toBe(4);
});

it('begins nothing more after a failure or when it is stopped, and counts what was done', async () => {
  const done: number[] = [];
  const all = { lanes: 2, onDone: (item: number) => done.push(item), isStopped: () => done.length >= 8 };
  const act = async (item: number) => {
    await soon();
    if (item === 5) throw new Error('no');
  };
  expect(await allOf(items, act, all)).toEqual({ failure: new Error('no') });
  expect(done.length).toBeLessThan(8);
  done.length = 0;
  expect(await allOf(items, soon, all)).toBeNull();
  expect(done.length).toBeLessThan(10);
});
