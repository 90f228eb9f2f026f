import { beforeEach, describe, expect, it } from 'vitest';
import { aGeneration } from './fixtures';
import { noteAnswer, noteNotSent, noteSent, outgoingStore } from './outgoing';
import { emptyStudio, type Studio } from './studio';
import { stagingTiles } from './tiles';

const body = { kind: 'sdxl_image_fast', prompt: 'a fox', batch: 3 } as const;
const old = aGeneration({ id: 'g0', created_at: '2026-01-01T10:00:00Z' });
const made = aGeneration({ id: 'g1', batch: 3, created_at: '2026-01-01T11:00:00Z' });
const studioOf = (...all: (typeof made)[]): Studio => ({
  ...emptyStudio,
  generations: Object.fromEntries(all.map((one) => [one.id, one])),
});
const kinds = (studio: Studio) =>
  stagingTiles(studio, new Set(), outgoingStore.get()).map((tile) => tile.kind);

beforeEach(() => outgoingStore.set(() => []));

describe('a request on its way', () => {
  it('has its places before everything else', () => {
    noteSent('k', body, 'image', studioOf(old));
    expect(kinds(studioOf(old))).toEqual(['sending', 'sending', 'sending', 'pending']);
  });
  it('gives them to its generation when the answer comes, at once', () => {
    noteSent('k', body, 'image', studioOf(old));
    noteAnswer('k', made);
    expect(kinds(studioOf(old))).toEqual(['sending', 'sending', 'sending', 'pending']);
    expect(kinds(studioOf(old, made))).toEqual(['pending', 'pending', 'pending', 'pending']);
  });
  it('gives them to its generation when the event stream is first', () => {
    noteSent('k', body, 'image', studioOf(old));
    expect(kinds(studioOf(old, made))).toEqual(['pending', 'pending', 'pending', 'pending']);
  });
  it('does not take an older one of the same words for its own', () => {
    const { created_at } = old;
    noteSent('k', { ...body, batch: 1 }, 'image', studioOf(old));
    const same = aGeneration({ id: 'g2', created_at });
    expect(kinds(studioOf(old, same)).filter((kind) => kind === 'sending')).toHaveLength(1);
  });
  it('leaves nothing behind when it is refused', () => {
    noteSent('k', body, 'image', studioOf(old));
    noteNotSent('k');
    expect(kinds(studioOf(old))).toEqual(['pending']);
  });
});
