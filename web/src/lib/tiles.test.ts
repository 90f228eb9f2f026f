import { expect, it } from 'vitest';
import { aGeneration, anAsset, aProgress } from './fixtures';
import { emptyStudio, fold, type Studio } from './studio';
import { stagingTiles } from './tiles';

const none = new Set<string>();

function studioOf(...generations: ReturnType<typeof aGeneration>[]): Studio {
  return generations.reduce(
    (studio, generation) => fold(studio, { type: 'generation', generation }),
    emptyStudio,
  );
}

const summary = (studio: Studio, puttingAway = none) =>
  stagingTiles(studio, puttingAway).map((tile) => `${tile.kind} ${tile.key}`);

it('a queued batch has a tile for each picture from the first moment', () => {
  expect(summary(studioOf(aGeneration({ batch: 3 })))).toEqual([
    'pending g1:0',
    'pending g1:1',
    'pending g1:2',
  ]);
});

it('a batch that waits behind another is one tile, which leaves that in sight', () => {
  const running = aGeneration({ batch: 2, state: 'running' });
  const waiting = aGeneration({ id: 'g2', batch: 6, created_at: '2026-01-01T10:01:00Z' });
  const studio = studioOf(running, waiting);
  expect(summary(studio)).toEqual(['pending g2:0', 'pending g1:0', 'pending g1:1']);
  expect(stagingTiles(studio, none)[0]).toMatchObject({ count: 6, first: true });
  expect(summary(studioOf({ ...waiting, state: 'running' }))).toHaveLength(6);
});

it('each picture takes the place of its tile, under the same key', () => {
  let studio = studioOf(aGeneration({ batch: 3, state: 'running' }));
  studio = fold(studio, { type: 'asset', asset: anAsset({ position: 1 }) });
  expect(summary(studio)).toEqual(['pending g1:0', 'asset g1:1', 'pending g1:2']);
});

it('a picture that was kept or discarded while its batch runs leaves no empty tile', () => {
  let studio = studioOf(aGeneration({ batch: 2, state: 'running' }));
  studio = fold(studio, { type: 'asset', asset: anAsset({ state: 'kept' }) });
  expect(summary(studio)).toEqual(['pending g1:1']);
});

it('one tile of a batch is current, and one carries the cancel button', () => {
  let studio = studioOf(aGeneration({ batch: 3, state: 'running' }));
  studio = fold(studio, { type: 'asset', asset: anAsset({ position: 0 }) });
  studio = fold(studio, { type: 'progress', progress: aProgress({ position: 1 }) });
  const pending = stagingTiles(studio, none).filter((tile) => tile.kind === 'pending');
  expect(pending.map((tile) => [tile.position, tile.current, tile.first])).toEqual([
    [1, true, true],
    [2, false, false],
  ]);
});

it('a failed generation shows once, until it is put away; its finished pictures stay', () => {
  let studio = studioOf(aGeneration({ state: 'failed', batch: 2 }));
  studio = fold(studio, { type: 'asset', asset: anAsset() });
  expect(summary(studio)).toEqual(['failed g1:failed', 'asset g1:0']);
  expect(summary(studio, new Set(['g1']))).toEqual(['asset g1:0']);
  const putAway = aGeneration({ state: 'failed', batch: 2, put_away: true });
  expect(summary(fold(studio, { type: 'generation', generation: putAway }))).toEqual(['asset g1:0']);
});

it('a failed generation that was asked for again, here or elsewhere, needs no word any more', () => {
  const failed = aGeneration({ state: 'failed' });
  const again = aGeneration({ id: 'g2', state: 'succeeded', created_at: '2026-01-01T11:00:00Z' });
  expect(summary(studioOf(failed, again))).toEqual([]);
  expect(summary(studioOf({ ...failed, created_at: '2026-01-01T12:00:00Z' }, again))).toHaveLength(1);
  const other = { ...again, settings: { ...again.settings, seed: 8 } };
  expect(summary(studioOf(failed, other))).toEqual(['failed g1:failed']);
});

it('a canceled generation leaves only what was finished', () => {
  let studio = studioOf(aGeneration({ state: 'canceled', batch: 6 }));
  studio = fold(studio, { type: 'asset', asset: anAsset({ position: 2 }) });
  expect(summary(studio)).toEqual(['asset g1:2']);
});

it('answers of the chat have no tiles, uploads do', () => {
  let studio = studioOf(aGeneration({ kind: 'chat_conversation', medium: 'chat' }));
  studio = fold(studio, { type: 'asset', asset: anAsset({ id: 'up', generation_id: null }) });
  expect(summary(studio)).toEqual(['asset up']);
});

it('the newest generation comes first, its pictures in order', () => {
  const old = aGeneration({ batch: 2 });
  const fresh = aGeneration({ id: 'g2', created_at: '2026-01-01T11:00:00Z', batch: 2 });
  let studio = studioOf(old, fresh);
  studio = fold(studio, {
    type: 'asset',
    asset: anAsset({ created_at: '2026-01-01T12:00:00Z', position: 1 }),
  });
  expect(summary(studio)).toEqual(['pending g2:0', 'pending g2:1', 'pending g1:0', 'asset g1:1']);
});

it('the pictures of a batch stand in the same order before their generation is known', () => {
  const assets = [0, 1, 2].map((position) =>
    anAsset({ id: `a${position}`, position, created_at: `2026-01-01T00:00:0${position}Z` }),
  );
  const studio = assets.reduce((before, asset) => fold(before, { type: 'asset', asset }), emptyStudio);
  expect(summary(studio)).toEqual(['asset g1:0', 'asset g1:1', 'asset g1:2']);
});
