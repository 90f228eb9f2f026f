import { expect, it } from 'vitest';
import {
  batchOf,
  draftFaults,
  emptyDraft,
  kindOf,
  parseDraft,
  requestOf,
  retryOf,
  reuse,
  sizeOf,
} from './draft';
import { aGeneration, aKind, anAsset } from './fixtures';

const draft = { ...emptyDraft, prompt: ' a fox ' };

it('sends only what was chosen, and what the kind takes', () => {
  expect(requestOf(draft, aKind())).toEqual({
    kind: 'sdxl_image_fast',
    batch: 1,
    prompt: 'a fox',
    width: 512,
    height: 512,
  });
});

it.each([
  [{}, []],
  [{ seed: '0' }, []],
  [{ seed: '112358132141' }, []],
  [{ seed: '9223372036854775807' }, []],
  [{ seed: '' }, ['seed']],
  [{ seed: '-1' }, ['seed']],
  [{ seed: '9223372036854775808' }, ['seed']],
  [{ seed: 'x' }, ['seed']],
  [{ steps: 1 }, []],
  [{ steps: 40 }, []],
  [{ steps: 0 }, ['steps']],
  [{ steps: 41 }, ['steps']],
  [{ guidance: 0.9 }, ['guidance']],
  [{ seed: '1.5', steps: 900, guidance: 99 }, ['seed', 'steps', 'guidance']],
])('names the fields that cannot be sent: %j', (change, faults) => {
  expect(draftFaults({ ...draft, ...change }, aKind())).toEqual(faults);
});

it('sends numbers as they are, seeds beyond 2^53 with their digits', () => {
  expect(requestOf({ ...draft, steps: 40, seed: ' 112358132141 ' }, aKind())).toMatchObject({
    steps: 40,
    seed: 112358132141,
  });
  expect(requestOf({ ...draft, seed: '9007199254740993' }, aKind()).seed).toBe('9007199254740993');
  expect(requestOf({ ...draft, sampler: 'no such' }, aKind())).not.toHaveProperty('sampler');
});

it('gives a strength for pictures but not for the first frame of a clip', () => {
  const source = { id: 'a1', thumbnail: '/t', aspect: 1 };
  expect(requestOf({ ...draft, source, strength: 0.3 }, aKind())).toMatchObject({
    source_asset_id: 'a1',
    strength: 0.3,
  });
  const clip = requestOf({ ...draft, source }, aKind({ name: 'video_fast', medium: 'video', batches: [1] }));
  expect(clip.source_asset_id).toBe('a1');
  expect(clip).not.toHaveProperty('strength');
});

it('falls back to what the kind offers', () => {
  const clip = aKind({ batches: [1], sizes: [{ width: 480, height: 640, label: 'portrait' }] });
  expect(batchOf({ ...draft, batch: 6 }, clip)).toBe(1);
  expect(sizeOf({ ...draft, size: { width: 512, height: 512 } }, clip)?.label).toBe('portrait');
  expect(sizeOf({ ...draft, size: { width: 300, height: 400 } }, aKind())?.label).toBe('portrait');
});

it('means the first kind that works until one is chosen', () => {
  const kinds = [
    aKind({ name: 'chat_conversation', medium: 'chat' }),
    aKind({ name: 'image_fast' }),
    aKind({ available: false }),
  ];
  expect(kindOf(draft, kinds)?.name).toBe('image_fast');
  expect(kindOf({ ...draft, kind: 'sdxl_image_fast' }, kinds)?.name).toBe('sdxl_image_fast');
  expect(kindOf(draft, [])).toBeNull();
});

it('uses settings again: all, all but the seed, the words, the seed', () => {
  const generation = aGeneration({ batch: 3 });
  const made = { generation, asset: anAsset({ seed: 9 }), kinds: [] };
  const before = { ...emptyDraft, prompt: 'before', seed: '1' };
  expect(reuse(before, 'all', made)).toMatchObject({ prompt: 'a fox', seed: '9', steps: 20, batch: 1 });
  expect(reuse(before, 'remix', made)).toMatchObject({ prompt: 'a fox', seed: null, batch: 3 });
  expect(reuse(before, 'prompt', made)).toEqual({ ...before, prompt: 'a fox' });
  expect(reuse(before, 'seed', made)).toEqual({ ...before, seed: '9' });
  const long = '9007199254740993';
  expect(reuse(before, 'seed', { ...made, asset: anAsset({ seed: long }) }).seed).toBe(long);
});

it('takes over what was chosen, and leaves to the kind what was only its default', () => {
  const kinds = [aKind({ model: 'nano' })];
  const settings = { prompt: 'a fox', steps: 20, guidance: 4, sampler: 'euler' };
  const made = { generation: aGeneration({ settings }), asset: anAsset(), kinds };
  expect(reuse(emptyDraft, 'all', made)).toMatchObject({ steps: null, guidance: 4, sampler: null });
  // Another model serves the kind now: its defaults are not those of the picture.
  const other = { ...made, kinds: [aKind({ model: 'sdxl-base-1.0' })] };
  expect(reuse(emptyDraft, 'remix', other)).toMatchObject({ steps: 20, guidance: 4, sampler: 'euler' });
});

it('tries again with the same settings, without those that the server alone decides', () => {
  const settings = { prompt: 'a fox', seed: 7, width: 512, height: 512, seconds: 5, fps: 16 };
  expect(retryOf(aGeneration({ batch: 3, settings }))).toEqual({
    kind: 'sdxl_image_fast',
    batch: 3,
    prompt: 'a fox',
    seed: 7,
    width: 512,
    height: 512,
  });
});

it('reads what was stored field by field', () => {
  expect(parseDraft('nonsense')).toEqual(emptyDraft);
  expect(parseDraft({ prompt: 'fox', seed: {}, size: { width: 1 } })).toEqual({
    ...emptyDraft,
    prompt: 'fox',
  });
  expect(parseDraft({ seed: 7 }).seed).toBe('7');
  expect(parseDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
});
