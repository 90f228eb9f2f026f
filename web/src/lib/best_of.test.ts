import { expect, it } from 'vitest';
import { bestOf, creditsAtMost, pairOf, runAgain, runOf } from './best_of';
import { emptyDraft } from './draft';
import { aGeneration, aKind } from './fixtures';

const quick = aKind({ credits: 1 });
const full = aKind({
  name: 'sdxl_image_high',
  credits: 2,
  sizes: [
    { width: 1024, height: 1024, label: 'square' },
    { width: 896, height: 1152, label: 'portrait' },
  ],
  samplers: ['euler', 'dpm'],
});
const kinds = [quick, full];
const best = { quick, full };
const draft = { ...emptyDraft, prompt: ' a fox ', batch: 3, keepBest: true };

it('is offered for kinds of which there is a quick and a careful one, both here', () => {
  expect(pairOf(quick, kinds)).toEqual(best);
  expect(pairOf(full, kinds)).toEqual(best);
  expect(pairOf(quick, [quick])).toBeNull();
  expect(pairOf(quick, [quick, { ...full, available: false }])).toBeNull();
  expect(pairOf(aKind({ name: 'video_fast', medium: 'video' }), kinds)).toBeNull();
  expect(bestOf({ ...draft, keepBest: false }, quick, kinds)).toBeNull();
});

it('costs its drafts and one picture in full at most', () => {
  expect(creditsAtMost(best, 3)).toBe(5);
});

it('ends with the picture enlarged where that is wanted and to be had', () => {
  const enlarge = aKind({ name: 'image_enlarge', credits: 1, sizes: [] });
  const wanted = { ...draft, enlarge: true };
  expect(bestOf(wanted, quick, [...kinds, enlarge])).toEqual({ ...best, enlarge });
  expect(bestOf(wanted, quick, [...kinds, { ...enlarge, available: false }])).toEqual(best);
  expect(bestOf(draft, quick, [...kinds, enlarge])).toEqual(best);
  expect(runOf(wanted, quick, { ...best, enlarge })).toMatchObject({ enlarge: true, max_credits: 6 });
  expect(runOf(draft, quick, best)).not.toHaveProperty('enlarge');
});

it('is in the shape that was chosen, each step in its own size', () => {
  const run = runOf({ ...draft, size: { width: 448, height: 576 }, seed: '9' }, quick, best);
  expect(run.draft).toEqual({
    kind: 'sdxl_image_fast',
    batch: 3,
    prompt: 'a fox',
    width: 448,
    height: 576,
    seed: 9,
  });
  expect(run.full).toEqual({ kind: 'sdxl_image_high', width: 896, height: 1152 });
  expect(run.max_credits).toBe(5);
});

it('takes what was changed for the kind that was chosen', () => {
  const changed = { ...draft, steps: 30, guidance: 4, sampler: 'dpm', negativePrompt: 'text' };
  const quickly = runOf({ ...changed, sampler: 'euler_a' }, quick, best);
  expect(quickly.draft).toMatchObject({
    steps: 30,
    guidance: 4,
    sampler: 'euler_a',
    negative_prompt: 'text',
  });
  expect(quickly.full).not.toHaveProperty('steps');
  const carefully = runOf(changed, full, best);
  expect(carefully.full).toMatchObject({ steps: 30, guidance: 4, sampler: 'dpm' });
  expect(carefully.draft).not.toHaveProperty('steps');
  expect(carefully.draft).toMatchObject({ negative_prompt: 'text' });
});

it('is asked for again as it was', () => {
  const again = runAgain(
    aGeneration({ batch: 3, credits: 3 }),
    aGeneration({
      kind: 'sdxl_image_high',
      credits: 1,
      settings: { prompt: 'a fox', width: 1024, height: 1024, seed: 1, steps: 9 },
    }),
  );
  expect(again.draft).toMatchObject({ kind: 'sdxl_image_fast', batch: 3, prompt: 'a fox', seed: 7 });
  expect(again.max_credits).toBe(4);
  expect(again.full).toEqual({ kind: 'sdxl_image_high', width: 1024, height: 1024, steps: 9 });
});
