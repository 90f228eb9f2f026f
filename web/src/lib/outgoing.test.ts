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
  isOnItsWay,
  outgoingStore,
  unsureOf,
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
  it('is wanted once until it has arrived, and what is asked for otherwise besides', () => {
    noteSent(request, studioOf(old));
    expect(isOnItsWay(request, studioOf(old))).toBe(true);
    expect(isOnItsWay(request)).toBe(true);
    expect(isOnItsWay({ ...request, body: { ...body, prompt: 'an owl' } }, studioOf(old))).toBe(false);
    expect(isOnItsWay(request, studioOf(old, made))).toBe(false);
  });
  it('is not taken for what the studio had before, of which nothing is known yet', () => {
    const sent = noteSent(request, undefined);
    expect(arrivalOf(sent, studioOf(made))).toBeUndefined();
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
  it('is not shown beside the field that holds it, from which it goes out under the same key', () => {
    outgoingStore.set(() => leftBehind(stored, draft));
    expect(kinds(studioOf(old))).toEqual(['pending']);
    expect(unsureOf(request)).toMatchObject({ key });
    expect(unsureOf({ ...request, body: { ...body, seed: 8 } })).toBeUndefined();
    const again: unknown = JSON.parse(JSON.stringify(outgoingStore.get()));
    expect(leftBehind(again, draft)).toHaveLength(1);
    expect(leftBehind(again, emptyDraft)).toEqual([]);
  });
  it('may be anything', () => {
    expect(leftBehind({ key }, emptyDraft)).toEqual([]);
    expect(leftBehind([null, 7, { key }, { key: 1, medium, body, after: '' }], emptyDraft)).toEqual([]);
  });
});
