import { expect, test } from 'vitest';
import { aGeneration, aKind } from './fixtures';
import { worthKnowing } from './worth_knowing';

const knows = 'It knows 263 things: animals (cat, dog, ...) and objects.';
const kinds = [aKind({ prompt_hint: knows })];
const hint = '"zebra" is not known to this model.';
const unknown = aGeneration({ hint });

test('nothing is nothing', () => {
  expect(worthKnowing(aGeneration(), kinds)).toBeNull();
});

test('behind unknown words stands the list of the known ones', () => {
  expect(worthKnowing(unknown, kinds)).toEqual({ text: hint, knows });
  expect(worthKnowing(unknown, [])).toEqual({ text: hint, knows: null });
});

test('warnings come before the hint', () => {
  const warnings = [{ field: 'prompt' as const, at: 3, detail: 'The "(" is never closed.' }];
  expect(worthKnowing({ ...unknown, warnings }, kinds)).toEqual({
    text: `The "(" is never closed. ${hint}`,
    knows,
  });
  expect(worthKnowing(aGeneration({ warnings }), kinds)?.knows).toBeNull();
});
