import { linksFromBase } from './base';
import type { Asset, Conversation, Generation, Progress, Run } from '@/api/types';

/** The words of an answer so far. `bytes` is their length in UTF-8, which is how the server counts. */
export interface Answer {
  text: string;
  bytes: number;
}

/** What the workspace knows: everything that is being made, and everything that waits for a decision. */
export interface Studio {
  generations: Readonly<Record<string, Generation>>;
  assets: Readonly<Record<string, Asset>>;
  answers: Readonly<Record<string, Answer>>;
  /** The newest, and all that have not ended. How far each step is, is its generation's to tell (lib/runs). */
  runs: Readonly<Record<string, Run>>;
  /** Where the older staging assets go on; null when all are here. */
  stagingCursor: string | null;
}

export type StudioEvent =
  /** What the event stream says, in the order in which it happened. */
  | { type: 'generation'; generation: Generation }
  /** What a request was answered with; the stream may have said something newer before it arrived. */
  | { type: 'answered'; generation: Generation }
  | { type: 'asset'; asset: Asset }
  | { type: 'run'; run: Run }
  | { type: 'conversation'; conversation: Conversation }
  /** What an event of this name told of was deleted. */
  | { type: 'gone'; name: string; id: string }
  | { type: 'progress'; progress: Progress }
  | { type: 'text'; generationId: string; offset: number; text: string };

export const emptyStudio: Studio = {
  generations: {},
  assets: {},
  answers: {},
  runs: {},
  stagingCursor: null,
};

export function isOver(generation: Generation): boolean {
  return generation.state === 'succeeded' || generation.state === 'failed' || generation.state === 'canceled';
}

/** Whether a person may see it; the server sends links only for what its gate has released. */
export function isVisible(asset: Asset): boolean {
  return asset.links.original !== undefined;
}

const utf8 = new TextEncoder();

function foldAssets(assets: Studio['assets'], changed: readonly Asset[]): Studio['assets'] {
  if (changed.length === 0) return assets;
  const next = { ...assets };
  for (const asset of changed) next[asset.id] = asset;
  return next;
}

function foldGeneration(studio: Studio, generation: Generation): Studio {
  const known = studio.generations[generation.id];
  // What is over stays over: a late message about an earlier state changes nothing.
  if (known && isOver(known) && !isOver(generation)) return studio;
  const unseen = generation.assets.filter((asset) => studio.assets[asset.id] === undefined);
  return {
    ...studio,
    generations: {
      ...studio.generations,
      [generation.id]: { ...generation, progress: generation.progress ?? known?.progress ?? null },
    },
    assets: foldAssets(studio.assets, unseen),
  };
}

function dropAsset(studio: Studio, id: string): Studio {
  if (studio.assets[id] === undefined) return studio;
  const assets = Object.fromEntries(Object.entries(studio.assets).filter(([key]) => key !== id));
  return { ...studio, assets };
}

function foldProgress(studio: Studio, progress: Progress): Studio {
  const known = studio.generations[progress.generation_id];
  if (!known || isOver(known)) return studio;
  return { ...studio, generations: { ...studio.generations, [known.id]: { ...known, progress } } };
}

function foldText(studio: Studio, generationId: string, offset: number, text: string): Studio {
  const known = studio.answers[generationId] ?? { text: '', bytes: 0 };
  const piece = utf8.encode(text);
  const seen = known.bytes - offset;
  // A gap cannot be filled from here; the whole text comes again on the next connection.
  if (seen < 0 || seen >= piece.length) return studio;
  const fresh = seen === 0 ? text : new TextDecoder().decode(piece.subarray(seen));
  const answer = { text: known.text + fresh, bytes: offset + piece.length };
  return { ...studio, answers: { ...studio.answers, [generationId]: answer } };
}

/** Adds what is not known yet and ends what has ended; any other state is the stream's to tell. */
function foldAnswered(studio: Studio, generation: Generation): Studio {
  const known = studio.generations[generation.id] !== undefined;
  return known && !isOver(generation) ? studio : foldGeneration(studio, generation);
}

export function fold(studio: Studio, event: StudioEvent): Studio {
  switch (event.type) {
    case 'answered':
      return foldAnswered(studio, event.generation);
    case 'generation':
      return foldGeneration(studio, event.generation);
    case 'asset':
      return { ...studio, assets: foldAssets(studio.assets, [event.asset]) };
    case 'run':
      return { ...studio, runs: { ...studio.runs, [event.run.id]: event.run } };
    case 'progress':
      return foldProgress(studio, event.progress);
    case 'gone':
      return event.name === 'asset' ? dropAsset(studio, event.id) : studio;
    case 'conversation':
      return studio;
    case 'text':
      return foldText(studio, event.generationId, event.offset, event.text);
  }
}

/** Lists read from the server become the new truth; answers in the middle of streaming are kept. */
export function fromLists(
  before: Studio,
  generations: readonly Generation[],
  runs: readonly Run[],
  staging: { items: readonly Asset[]; next_cursor: string | null },
): Studio {
  const assets: Record<string, Asset> = {};
  for (const asset of generations.flatMap((generation) => generation.assets)) assets[asset.id] = asset;
  for (const asset of staging.items) assets[asset.id] = asset;
  return {
    generations: Object.fromEntries(generations.map((generation) => [generation.id, generation])),
    assets,
    answers: before.answers,
    runs: Object.fromEntries(runs.map((run) => [run.id, run])),
    stagingCursor: staging.next_cursor,
  };
}

/** One more page of older staging assets. */
export function addOlder(studio: Studio, older: readonly Asset[], stagingCursor: string | null): Studio {
  const unseen = older.filter((asset) => studio.assets[asset.id] === undefined);
  return { ...studio, assets: foldAssets(studio.assets, unseen), stagingCursor };
}

function parseData(data: string): Record<string, unknown> {
  const value: unknown = JSON.parse(data, linksFromBase);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The event's meaning, or null for what this app does not know (a newer server may say more). */
export function readEvent(type: string, data: string): StudioEvent | null {
  const value = parseData(data);
  switch (type) {
    case 'generation':
      return { type, generation: value as unknown as Generation };
    case 'asset':
      return { type, asset: value as unknown as Asset };
    case 'run':
      return { type, run: value as unknown as Run };
    case 'conversation':
      return { type, conversation: value as unknown as Conversation };
    case 'gone':
      return { type, name: String(value['name']), id: String(value['id']) };
    case 'progress':
      return { type, progress: value as unknown as Progress };
    case 'text':
      return {
        type,
        generationId: String(value['generation_id']),
        offset: Number(value['offset']),
        text: String(value['text']),
      };
    default:
      return null;
  }
}
