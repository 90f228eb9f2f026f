import { expect, test } from 'vitest';
import { aGeneration, aKind } from './fixtures';
import { worthKnowing } from './worth_knowing';

const knows = 'It knows 263 things: animals (cat, dog, ...) and objects.';
const kinds = [aKind({ prompt_hint: knows })];
const unknown = (words: string) => aGeneration({ hint: `OurVidz nano does not know: ${words}. ${knows}` });

test('nothing is nothing', () => {
  expect(worthKnowing(aGeneration(), kinds)).toBeNull();
});

test('unknown words come first, and the list of the known ones stands behind them', () => {
  expect(worthKnowing(unknown('wizard'), kinds)).toEqual({
    text: '“wizard” is not known to this model.',
    knows,
  });
  expect(worthKnowing(unknown('wizard, zebra'), kinds)?.text).toBe(
    '“wizard”, “zebra” are not known to this model.',
  );
});

test('warnings come before the hint', () => {
  const warnings = [{ field: 'prompt' as const, at: 3, detail: 'The "(" is never closed.' }];
  expect(worthKnowing({ ...unknown('zebra'), warnings }, kinds)?.text).toBe(
    'The "(" is never closed. “zebra” is not known to this model.',
  );
});

test('a hint of another shape is told as it is', () => {
  const generation = aGeneration({ hint: 'A LoRA changes the style.' });
  expect(worthKnowing(generation, [])).toEqual({ text: 'A LoRA changes the style.', knows: null });
});
