import { describe, expect, it } from 'vitest';
import type { Run } from '@/api/types';
import { aGeneration, anAsset } from './fixtures';
import { choiceOf, groupOfRun } from './runs';
import { emptyStudio, fold, type Studio } from './studio';
import { stagingTiles } from './tiles';

type State = Run['steps'][number]['state'];

const aRun = (draft: State, full: State): Run => ({
  id: 'r1',
  workflow: 'keep_the_best',
  state: 'running',
  progress: 0,
  credits: 3,
  max_credits: null,
  priority: 'normal',
  steps: [
    { name: 'draft', generation_id: 'g1', state: draft, credits: 2 },
    { name: 'full', generation_id: 'g2', state: full, credits: 1 },
  ],
  created_at: '2026-01-01T10:00:00Z',
});

const drafts = [0, 1].map((position) => anAsset({ id: `d${position}`, position, seed: 7 + position }));
const picture = anAsset({ id: 'full', generation_id: 'g2', created_at: '2026-01-01T11:00:00Z' });

function studioOf(draft: State, full: State, assets = drafts, run = aRun(draft, full)): Studio {
  const steps = [
    aGeneration({ batch: 2, state: draft }),
    aGeneration({ id: 'g2', kind: 'sdxl_image_high', state: full, settings: { prompt: 'a fox', seed: 8 } }),
  ];
  const known: Studio = { ...emptyStudio, runs: { r1: run } };
  const withSteps = steps.reduce((now, generation) => fold(now, { type: 'generation', generation }), known);
  return assets.reduce((now, asset) => fold(now, { type: 'asset', asset }), withSteps);
}

const groupIn = (studio: Studio) => groupOfRun(studio, studio.runs['r1'] ?? aRun('queued', 'scheduled'));
const summary = (studio: Studio) => stagingTiles(studio, new Set()).map(({ kind, key }) => `${kind} ${key}`);

describe('a run', () => {
  it.each([
    ['queued', 'scheduled', 'drafting'],
    ['running', 'scheduled', 'drafting'],
    ['succeeded', 'scheduled', 'choosing'],
    ['succeeded', 'queued', 'making'],
    ['succeeded', 'running', 'making'],
    ['succeeded', 'succeeded', 'done'],
    ['failed', 'canceled', 'over'],
    ['running', 'canceled', 'over'],
    ['succeeded', 'failed', 'over'],
  ] as const)('with drafts %s and the full picture %s is %s', (draft, full, phase) => {
    expect(groupIn(studioOf(draft, full))?.phase).toBe(phase);
  });

  it('is as far as the later of what was heard of it', () => {
    expect(groupIn(studioOf('succeeded', 'scheduled', drafts, aRun('succeeded', 'queued')))?.phase).toBe(
      'making',
    );
    expect(groupIn(studioOf('succeeded', 'running', drafts, aRun('running', 'scheduled')))?.phase).toBe(
      'making',
    );
  });

  it('is not shown where its steps are not known', () => {
    const strange = { ...aRun('queued', 'scheduled'), steps: [] };
    expect(groupOfRun(emptyStudio, strange)).toBeNull();
  });

  it('says which draft was chosen: the one that the picture starts from, or has the seed of', () => {
    expect(groupIn(studioOf('succeeded', 'scheduled'))?.chosen).toBeNull();
    expect(groupIn(studioOf('succeeded', 'running'))?.chosen).toBe('d1');
    const from = fold(studioOf('succeeded', 'running'), {
      type: 'generation',
      generation: aGeneration({ id: 'g2', state: 'running', settings: { source_asset_id: 'd0' } }),
    });
    expect(groupIn(from)?.chosen).toBe('d0');
  });
});

describe('in the workspace', () => {
  it('all of it is one group until it is done', () => {
    expect(summary(studioOf('running', 'scheduled', drafts.slice(1)))).toEqual(['run r1']);
    expect(groupIn(studioOf('running', 'scheduled', drafts.slice(1)))?.toCome).toEqual([0]);
    expect(summary(studioOf('succeeded', 'scheduled'))).toEqual(['run r1']);
    expect(summary(studioOf('succeeded', 'running'))).toEqual(['run r1']);
  });

  it('the picture stays with its drafts as long as those are there', () => {
    expect(summary(studioOf('succeeded', 'succeeded', [...drafts, picture]))).toEqual(['run r1']);
    const gone = drafts.map((one) => ({ ...one, state: 'discarded' as const }));
    expect(summary(studioOf('succeeded', 'succeeded', [...gone, picture]))).toEqual(['asset g2:0']);
  });

  it('what came to nothing leaves its drafts, and says what failed', () => {
    expect(summary(studioOf('succeeded', 'canceled'))).toEqual(['asset g1:0', 'asset g1:1']);
    expect(summary(studioOf('succeeded', 'failed', []))).toEqual(['failed g2:failed']);
    expect(summary(studioOf('failed', 'canceled', []))).toEqual(['failed g1:failed']);
  });
});

describe('a choice', () => {
  const [first] = drafts;
  const of = (studio: Studio, asset = first ?? picture) => choiceOf(studio, asset)?.id ?? null;

  it('is waited for when the drafts are done, of those that can be seen', () => {
    expect(of(studioOf('succeeded', 'scheduled'))).toBe('r1');
    expect(of(studioOf('running', 'scheduled'))).toBeNull();
    expect(of(studioOf('succeeded', 'running'))).toBeNull();
    expect(of(studioOf('succeeded', 'scheduled'), anAsset({ state: 'discarded' }))).toBeNull();
    expect(of(studioOf('succeeded', 'scheduled'), anAsset({ links: {} }))).toBeNull();
  });

  it('is none of what is no draft', () => {
    expect(of(studioOf('succeeded', 'scheduled'), picture)).toBeNull();
    expect(of(studioOf('succeeded', 'scheduled'), anAsset({ generation_id: null }))).toBeNull();
  });
});

it('a run whose picture is enlarged is done when that has ended, however it ends', () => {
  const known = studioOf('succeeded', 'succeeded', [...drafts, picture]);
  const step = (state: State): Run['steps'][number] => ({
    name: 'enlarged',
    generation_id: 'g3',
    state,
    credits: 1,
  });
  const run = aRun('succeeded', 'succeeded');
  const withStep = (state: State) => groupOfRun(known, { ...run, steps: [...run.steps, step(state)] });
  expect(
    (['queued', 'running', 'succeeded', 'failed', 'canceled'] as const).map(
      (state) => withStep(state)?.phase,
    ),
  ).toEqual(['making', 'making', 'done', 'done', 'done']);
  expect(withStep('running')?.picture?.id).toBe('full');
});

it('an enlarging that has failed is told of beside its picture, one that was canceled is not', () => {
  const known = studioOf('succeeded', 'succeeded', [...drafts, picture]);
  const run = aRun('succeeded', 'succeeded');
  const kindsOf = (state: 'failed' | 'canceled') => {
    const step: Run['steps'][number] = { name: 'enlarged', generation_id: 'g3', state, credits: 1 };
    const studio = {
      ...known,
      runs: { [run.id]: { ...run, steps: [...run.steps, step] } },
      generations: { ...known.generations, g3: aGeneration({ id: 'g3', kind: 'image_enlarge', state }) },
    };
    return stagingTiles(studio, new Set()).map(({ kind }) => kind);
  };
  expect(kindsOf('failed')).toContain('failed');
  expect(kindsOf('canceled')).not.toContain('failed');
});
