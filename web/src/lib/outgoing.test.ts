import { beforeEach, describe, expect, it } from 'vitest';
import { aGeneration } from './fixtures';
import { emptyDraft } from './draft';
import {
  arrivalOf,
  forgetOutgoing,
  leftBehind,
  noteAnswer,
  noteNotSent,
  noteSent,
  outgoingStore,
} from './outgoing';
import { emptyStudio, type Studio } from './studio';
import { stagingTiles } from './tiles';

const body = { kind: 'sdxl_image_fast', prompt: 'a fox', batch: 3 } as const;
const request = { key: 'k', body, medium: 'image', draft: { ...emptyDraft, prompt: 'a fox' } } as const;
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
    noteSent(request, studioOf(old));
    expect(kinds(studioOf(old))).toEqual(['sending', 'sending', 'sending', 'pending']);
  });
  it('gives them to its generation when the answer comes, at once', () => {
    noteSent(request, studioOf(old));
    noteAnswer('k', made);
    expect(kinds(studioOf(old))).toEqual(['sending', 'sending', 'sending', 'pending']);
    expect(kinds(studioOf(old, made))).toEqual(['pending', 'pending', 'pending', 'pending']);
  });
  it('gives them to its generation when the event stream is first', () => {
    noteSent(request, studioOf(old));
    expect(kinds(studioOf(old, made))).toEqual(['pending', 'pending', 'pending', 'pending']);
  });
  it('does not take an older one of the same words for its own', () => {
    const { created_at } = old;
    noteSent({ ...request, body: { ...body, batch: 1 } }, studioOf(old));
    const same = aGeneration({ id: 'g2', created_at });
    expect(kinds(studioOf(old, same)).filter((kind) => kind === 'sending')).toHaveLength(1);
  });
  it('does not take for its own what was asked for otherwise', () => {
    const sent = noteSent({ ...request, body: { ...body, seed: 8 } }, studioOf(old));
    expect(arrivalOf(sent, studioOf(old, made))).toBeUndefined();
    const eight = aGeneration({ ...made, settings: { ...made.settings, seed: '8' } });
    expect(arrivalOf(sent, studioOf(old, eight))).toBe(eight);
  });
  it('leaves nothing behind when its words stand elsewhere', () => {
    noteSent(request, studioOf(old));
    forgetOutgoing('k');
    expect(kinds(studioOf(old))).toEqual(['pending']);
  });
  it('is one tile with its words when it was not accepted, also if it was seen before', () => {
    noteSent(request, studioOf(old));
    noteNotSent('k', { why: 'No.', refused: true });
    expect(kinds(studioOf(old, made))).toEqual(['unsent', 'pending', 'pending', 'pending', 'pending']);
  });
});

describe('what a page leaves behind', () => {
  const { key, medium, draft } = request;
  const stored: unknown = JSON.parse(JSON.stringify([{ key, medium, body, draft, after: '' }]));
  it('is shown with its words, and goes out under the same key', () => {
    const [left] = leftBehind(stored, emptyDraft);
    expect(left).toMatchObject({ key, body, draft, notSent: { refused: false } });
  });
  it('is not shown beside the field that holds it', () => {
    expect(leftBehind(stored, draft)).toEqual([]);
  });
  it('may be anything', () => {
    expect(leftBehind({ key }, emptyDraft)).toEqual([]);
    expect(leftBehind([null, 7, { key }, { key: 1, medium, body, after: '' }], emptyDraft)).toEqual([]);
  });
});
