import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ProblemError, UnreachableError } from '@/api/client';
import { run } from './errands';
import { dismissToast, toastStore, undoLast } from './toasts';

const key = ['thing'];
const silence = (): Promise<string> => Promise.reject(new UnreachableError());
const shown = () => toastStore.get().map(({ text }) => text);
const unsure = (what: string) => `Your studio does not answer. This may not be done: ${what}.`;
const errand = (what: string, ask: () => Promise<string>) => ({ about: what, what, ask });
const pressAgain = () => toastStore.get()[0]?.action?.run();

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  for (const { id } of toastStore.get()) dismissToast(id);
});

async function allOf(...running: Promise<boolean>[]): Promise<boolean[]> {
  await vi.runAllTimersAsync();
  return Promise.all(running);
}

it('what is not known to be done is named, all of it in one, and is tried again together', async () => {
  const cache = new QueryClient();
  const ask = vi.fn(silence);
  const all = ['keep “a”', 'keep “b”', 'keep “c”', 'keep “d”'].map((what) => run(cache, errand(what, ask)));
  expect(await allOf(...all)).toEqual([false, false, false, false]);
  expect(shown()).toEqual([unsure('keep “a”, keep “b” and 2 more')]);
  expect(undoLast()).toBe(false);
  expect(ask).toHaveBeenCalledTimes(8);
  ask.mockImplementation(() => Promise.resolve('done'));
  pressAgain();
  await vi.runAllTimersAsync();
  expect(ask).toHaveBeenCalledTimes(12);
  expect(shown()).toEqual([]);
});

it('it shows what is hoped for, takes it back, and says whether it was done late', async () => {
  const calls: string[] = [];
  const note = (call: string) => () => void calls.push(call);
  const ask = vi.fn(silence);
  const onDone = (done: string, late: boolean) => calls.push(`${done} ${late}`);
  const one = { ...errand('move', ask), begin: note('begin'), takeBack: note('back'), onDone };
  await allOf(run(new QueryClient(), one));
  ask.mockImplementation(() => Promise.resolve('done'));
  pressAgain();
  await vi.runAllTimersAsync();
  expect(calls).toEqual(['begin', 'back', 'begin', 'done true']);
});

it('what is seen of it counts, also after it was said that it may not be done', async () => {
  const cache = new QueryClient();
  const seen = { queryKey: key, look: () => cache.getQueryData<string>(key) };
  const onDone = vi.fn();
  const first = run(cache, { ...errand('keep “a”', silence), seen, onDone });
  await vi.advanceTimersByTimeAsync(10);
  cache.setQueryData(key, 'seen');
  expect(await allOf(first)).toEqual([true]);
  expect(onDone).toHaveBeenLastCalledWith('seen', false);
  cache.removeQueries();
  await allOf(run(cache, { ...errand('keep “a”', silence), seen, onDone }));
  expect(shown()).toHaveLength(1);
  cache.setQueryData(key, 'at last');
  await vi.runAllTimersAsync();
  expect(shown()).toEqual([]);
  expect(onDone).toHaveBeenLastCalledWith('at last', true);
});

it('a newer wish about the same takes the place of the one before', async () => {
  const cache = new QueryClient();
  await allOf(run(cache, { ...errand('keep “a”', silence), about: 'a' }));
  await allOf(run(cache, { ...errand('discard “a”', silence), about: 'a' }));
  expect(shown()).toEqual([unsure('discard “a”')]);
});

it('what is refused is not offered again', async () => {
  const refused = new ProblemError({ code: 'conflict', detail: 'It runs.' } as ProblemError['problem']);
  await allOf(
    run(
      new QueryClient(),
      errand('pause “a”', () => Promise.reject(refused)),
    ),
  );
  expect(shown()).toEqual(['Not done: pause “a”. It runs.']);
  expect(toastStore.get()[0]?.action).toBeUndefined();
});
