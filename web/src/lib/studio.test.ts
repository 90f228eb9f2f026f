import { describe, expect, it } from 'vitest';
import { aGeneration, anAsset, aProgress } from './fixtures';
import { addOlder, emptyStudio, fold, fromLists, isVisible, readEvent, type Studio } from './studio';

const withGeneration = (change = {}): Studio =>
  fold(emptyStudio, { type: 'generation', generation: aGeneration(change) });

describe('generations', () => {
  it('go through their states', () => {
    let studio = withGeneration();
    for (const state of ['running', 'succeeded'] as const) {
      studio = fold(studio, { type: 'generation', generation: aGeneration({ state }) });
      expect(studio.generations['g1']?.state).toBe(state);
    }
  });

  it.each(['succeeded', 'failed', 'canceled'] as const)(
    'stay %s when an older message comes late',
    (state) => {
      const studio = withGeneration({ state });
      expect(fold(studio, { type: 'generation', generation: aGeneration({ state: 'running' }) })).toBe(
        studio,
      );
    },
  );

  it('may go back to the queue when a worker is lost', () => {
    const studio = fold(withGeneration({ state: 'running' }), {
      type: 'generation',
      generation: aGeneration({ state: 'queued' }),
    });
    expect(studio.generations['g1']?.state).toBe('queued');
  });

  it('run on when the answer to their request comes after the stream has said that they run', () => {
    const running = withGeneration({ state: 'running' });
    const queued = { type: 'answered', generation: aGeneration({ state: 'queued' }) } as const;
    expect(fold(running, queued)).toBe(running);
    expect(fold(emptyStudio, queued).generations['g1']?.state).toBe('queued');
    const canceled = { type: 'answered', generation: aGeneration({ state: 'canceled' }) } as const;
    expect(fold(running, canceled).generations['g1']?.state).toBe('canceled');
  });

  it('keep the progress that they had when a state message carries none', () => {
    let studio = fold(withGeneration({ state: 'running' }), { type: 'progress', progress: aProgress() });
    studio = fold(studio, {
      type: 'generation',
      generation: aGeneration({ state: 'running', progress: null }),
    });
    expect(studio.generations['g1']?.progress?.fraction).toBe(0.5);
  });

  it('bring their assets, but never undo what was decided about them', () => {
    let studio = fold(emptyStudio, { type: 'asset', asset: anAsset({ state: 'kept' }) });
    const generation = aGeneration({ assets: [anAsset(), anAsset({ id: 'a2', position: 1 })] });
    studio = fold(studio, { type: 'generation', generation });
    expect(studio.assets['a1']?.state).toBe('kept');
    expect(studio.assets['a2']?.state).toBe('staging');
  });
});

describe('progress', () => {
  it('is taken for what runs', () => {
    const studio = fold(withGeneration({ state: 'running' }), {
      type: 'progress',
      progress: aProgress({ fraction: 0.8 }),
    });
    expect(studio.generations['g1']?.progress?.fraction).toBe(0.8);
  });

  it('is dropped for what is over or unknown', () => {
    const over = withGeneration({ state: 'succeeded' });
    expect(fold(over, { type: 'progress', progress: aProgress() })).toBe(over);
    expect(fold(emptyStudio, { type: 'progress', progress: aProgress() })).toBe(emptyStudio);
  });
});

describe('words of an answer', () => {
  const text = (studio: Studio, offset: number, words: string) =>
    fold(studio, { type: 'text', generationId: 'c1', offset, text: words });

  it('are joined in order, counted in bytes', () => {
    const studio = text(text(emptyStudio, 0, 'Füchse '), 8, 'schlafen');
    expect(studio.answers['c1']).toEqual({ text: 'Füchse schlafen', bytes: 16 });
  });

  it('seen twice are dropped', () => {
    const studio = text(emptyStudio, 0, 'one two');
    expect(text(studio, 0, 'one')).toBe(studio);
    expect(text(studio, 4, 'two')).toBe(studio);
  });

  it('seen in part add only what is new, as after a new connection', () => {
    const studio = text(text(emptyStudio, 0, 'one'), 0, 'one two');
    expect(studio.answers['c1']?.text).toBe('one two');
  });

  it('after a gap wait for the whole text', () => {
    const studio = text(emptyStudio, 0, 'one');
    expect(text(studio, 10, 'three')).toBe(studio);
  });
});

describe('lists', () => {
  it('replace everything but the answers being written', () => {
    const before = fold(withGeneration({ id: 'gone' }), {
      type: 'text',
      generationId: 'c',
      offset: 0,
      text: 'hi',
    });
    const studio = fromLists(before, [aGeneration({ assets: [anAsset()] })], [], {
      items: [anAsset({ id: 'a9' })],
      next_cursor: 'next',
    });
    expect(Object.keys(studio.generations)).toEqual(['g1']);
    expect(Object.keys(studio.assets).sort()).toEqual(['a1', 'a9']);
    expect(studio.answers['c']?.text).toBe('hi');
    expect(studio.stagingCursor).toBe('next');
  });

  it('of older assets never replace what is newer here', () => {
    const studio = fold(emptyStudio, { type: 'asset', asset: anAsset({ state: 'kept' }) });
    const more = addOlder(studio, [anAsset(), anAsset({ id: 'old' })], null);
    expect(more.assets['a1']?.state).toBe('kept');
    expect(more.assets['old']).toBeDefined();
  });
});

describe('events', () => {
  it('are read by their type, and unknown ones are left alone', () => {
    expect(readEvent('asset', JSON.stringify(anAsset()))).toEqual({ type: 'asset', asset: anAsset() });
    expect(readEvent('text', '{"generation_id":"c","offset":3,"text":"x"}')).toEqual({
      type: 'text',
      generationId: 'c',
      offset: 3,
      text: 'x',
    });
    expect(readEvent('something_new', '{}')).toBeNull();
  });
});

it('only what the gate has released is visible', () => {
  expect(isVisible(anAsset())).toBe(true);
  expect(isVisible(anAsset({ links: {}, verdict: { decision: 'hold' } }))).toBe(false);
});

describe('what was deleted for good', () => {
  const studio = fold(fold(emptyStudio, { type: 'asset', asset: anAsset() }), {
    type: 'asset',
    asset: anAsset({ id: 'a2' }),
  });
  it('is there no more', () => {
    const after = fold(studio, { type: 'gone', name: 'asset', id: 'a1' });
    expect(Object.keys(after.assets)).toEqual(['a2']);
  });
  it('changes nothing where it was not known, or is something else', () => {
    expect(fold(studio, { type: 'gone', name: 'asset', id: 'other' })).toBe(studio);
    expect(fold(studio, { type: 'gone', name: 'conversation', id: 'a1' })).toBe(studio);
  });
});
