import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { api, ProblemError, UnreachableError } from '@/api/client';
import { answerOrSight, patiently } from './patience';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const refused = new ProblemError({ code: 'refused', detail: 'No.' } as ProblemError['problem']);

it('asks again when no answer comes, and says so, but not when the answer is no', async () => {
  const onSilence = vi.fn();
  const ask = vi.fn(() => Promise.reject(new UnreachableError()));
  const asked = patiently(ask, { againAfterMs: [1_000, 3_000], onSilence }).catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  expect(await asked).toBeInstanceOf(UnreachableError);
  expect([ask.mock.calls.length, onSilence.mock.calls.length]).toEqual([3, 2]);
  await expect(patiently(() => Promise.reject(refused))).rejects.toBe(refused);
});

it('a studio that stands still counts as silent after ten seconds, and an upload has as long as its size needs', async () => {
  vi.stubGlobal('fetch', (_: string, { signal }: RequestInit) => {
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
  });
  const ends: string[] = [];
  const note = (name: string) => (error: unknown) => {
    if (error instanceof UnreachableError) ends.push(name);
  };
  api.keep('a').catch(note('keep'));
  api.upload(new Blob([new Uint8Array(1_000_000)], { type: 'image/png' })).catch(note('upload'));
  await vi.advanceTimersByTimeAsync(9_900);
  expect(ends).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(ends).toEqual(['keep']);
  await vi.advanceTimersByTimeAsync(32_500);
  expect(ends).toEqual(['keep', 'upload']);
});

it('what is seen counts when the answer never comes, and the answer where it is first', async () => {
  const cache = new QueryClient();
  const key = ['thing'];
  const look = () => cache.getQueryData<{ done: boolean }>(key)?.done === true || undefined;
  const never = new Promise<never>(() => undefined);
  const seen = answerOrSight(never, cache, key, look);
  cache.setQueryData(key, { done: false });
  cache.setQueryData(['other'], { done: true });
  await vi.advanceTimersByTimeAsync(10);
  cache.setQueryData(key, { done: true });
  await vi.advanceTimersByTimeAsync(10);
  expect(await seen).toBe(true);
  const answer = Promise.resolve('answer');
  expect(await answerOrSight(answer, cache, key, () => undefined)).toBe('answer');
});
