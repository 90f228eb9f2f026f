import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { afterLiving } from './lived';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('acts once, when the page has lived through the time', () => {
  const act = vi.fn();
  afterLiving(() => 3, act);
  vi.advanceTimersByTime(2_999);
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  expect(act).toHaveBeenCalledTimes(1);
});

it('counts an hour of sleep as one second', () => {
  const act = vi.fn();
  afterLiving(() => 3, act);
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersToNextTimer();
  expect(act).not.toHaveBeenCalled();
});

it('asks each second how many they are, and can be stopped', () => {
  const act = vi.fn();
  let seconds = 60;
  const stop = afterLiving(() => seconds, act);
  vi.advanceTimersByTime(20_000);
  stop();
  afterLiving(() => seconds, act);
  vi.advanceTimersByTime(20_000);
  expect(act).not.toHaveBeenCalled();
  seconds = 10;
  vi.advanceTimersByTime(1_000);
  expect(act).toHaveBeenCalledTimes(1);
});
