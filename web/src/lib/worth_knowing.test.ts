import { expect, test } from 'vitest';
import { aGeneration } from './fixtures';
import { worthKnowing } from './worth_knowing';

test('nothing is nothing', () => {
  expect(worthKnowing(aGeneration())).toBeNull();
});

test('warnings come before the hint', () => {
  const generation = aGeneration({
    hint: 'It does not know zebras.',
    warnings: [{ field: 'prompt', at: 3, detail: 'The "(" is never closed.' }],
  });
  expect(worthKnowing(generation)).toBe('The "(" is never closed. It does not know zebras.');
});
