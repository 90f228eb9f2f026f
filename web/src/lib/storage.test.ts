import { afterEach, expect, it, vi } from 'vitest';
import { readOfWindow, writeOfWindow } from './storage';

/** As much of a browser's storage as is used here. */
function aStorage() {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, text: string) => void items.set(key, text),
  };
}

const all = aStorage();
const inWindow = (own: ReturnType<typeof aStorage>) => {
  vi.stubGlobal('localStorage', all);
  vi.stubGlobal('sessionStorage', own);
};
const read = () => readOfWindow('draft', String);

afterEach(() => vi.unstubAllGlobals());

it('two windows keep what each has written, and a third begins with the last of it', () => {
  const [one, two] = [aStorage(), aStorage()];
  inWindow(one);
  writeOfWindow('draft', 'tab one text');
  inWindow(two);
  expect(read()).toBe('tab one text');
  writeOfWindow('draft', 'tab two');
  inWindow(one);
  expect(read()).toBe('tab one text');
  inWindow(aStorage());
  expect(read()).toBe('tab two');
});

it('a closed storage is as good as an empty one', () => {
  expect(read()).toBeNull();
});
