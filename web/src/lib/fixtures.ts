import type { Asset, Generation, Kind, Progress } from '@/api/types';

/** Whole values for tests, of which a test names only what it is about. */
export function aGeneration(change: Partial<Generation> = {}): Generation {
  return {
    id: 'g1',
    kind: 'sdxl_image_fast',
    medium: 'image',
    state: 'queued',
    paused: false,
    put_away: false,
    model: 'nano',
    settings: {
      prompt: 'a fox',
      width: 512,
      height: 512,
      seed: 7,
      steps: 20,
      guidance: 2.5,
      sampler: 'euler',
    },
    batch: 1,
    created_at: '2026-01-01T10:00:00Z',
    started_at: null,
    ended_at: null,
    credits: 0,
    error: null,
    text: null,
    cut: false,
    hint: null,
    warnings: [],
    replaced: [],
    progress: null,
    assets: [],
    ...change,
  };
}

export function anAsset(change: Partial<Asset> = {}): Asset {
  return {
    id: 'a1',
    generation_id: 'g1',
    position: 0,
    medium: 'image',
    state: 'staging',
    content_type: 'image/png',
    width: 512,
    height: 512,
    bytes: 1000,
    seed: 7,
    facts: {},
    created_at: '2026-01-01T10:00:05Z',
    verdict: { decision: 'allow' },
    links: { original: '/api/v1/assets/a1/content' },
    ...change,
  };
}

export function aProgress(change: Partial<Progress> = {}): Progress {
  return {
    generation_id: 'g1',
    queue_position: null,
    phase: 'sampling',
    fraction: 0.5,
    position: 0,
    trouble: null,
    ...change,
  };
}

export function aKind(change: Partial<Kind> = {}): Kind {
  return {
    name: 'sdxl_image_fast',
    medium: 'image',
    available: true,
    batches: [1, 3, 6],
    sizes: [
      { width: 512, height: 512, label: 'square' },
      { width: 448, height: 576, label: 'portrait' },
    ],
    steps: { min: 1, max: 40, default: 20 },
    guidance: { min: 1, max: 10, default: 2.5 },
    samplers: ['euler', 'euler_a'],
    image_to_image: true,
    ...change,
  };
}
