import type { Asset, Generation, Kind, KindName, NewGeneration } from '@/api/types';
import { parseSeed } from './seed';
import { readOfWindow, writeOfWindow } from './storage';
import { Store } from './store';

/** Bytes in UTF-8 that the server takes as a prompt. */
export const promptBytesMax = 4096;

export const strengths = { little: 0.3, half: 0.55, lot: 0.8 } as const;

/** What the composer holds. null means: as the model likes it best. */
export interface Draft {
  kind: string | null;
  prompt: string;
  negativePrompt: string;
  batch: number;
  /** So many drafts, of which one is chosen and made in full quality (lib/best_of). */
  keepBest: boolean;
  /** And that is enlarged. */
  enlarge: boolean;
  size: { width: number; height: number } | null;
  /** As it was typed; null: a new random one each time. */
  seed: string | null;
  steps: number | null;
  guidance: number | null;
  sampler: string | null;
  source: { id: string; thumbnail: string; aspect: number } | null;
  strength: number;
}

export const emptyDraft: Draft = {
  kind: null,
  prompt: '',
  negativePrompt: '',
  batch: 1,
  keepBest: false,
  enlarge: false,
  size: null,
  seed: null,
  steps: null,
  guidance: null,
  sampler: null,
  source: null,
  strength: strengths.half,
};

const storageKey = 'ourvidz.draft';

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const numberOrNull = (value: unknown): number | null => (isNumber(value) ? value : null);
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const seedText = (value: unknown): string | null => (isNumber(value) ? String(value) : textOrNull(value));

function parseObject(raw: unknown): Record<string, unknown> {
  return typeof raw === 'object' && raw !== null ? { ...raw } : {};
}

function parseSize(raw: unknown): Draft['size'] {
  const { width, height } = parseObject(raw);
  return isNumber(width) && isNumber(height) ? { width, height } : null;
}

function parseSource(raw: unknown): Draft['source'] {
  const { id, thumbnail, aspect } = parseObject(raw);
  if (typeof id !== 'string' || typeof thumbnail !== 'string' || !isNumber(aspect)) return null;
  return { id, thumbnail, aspect };
}

/** What another version, or anything else, has stored: field by field, whatever of it still makes sense. */
export function parseDraft(raw: unknown): Draft {
  const stored = parseObject(raw);
  return {
    kind: textOrNull(stored['kind']),
    prompt: textOrNull(stored['prompt']) ?? '',
    negativePrompt: textOrNull(stored['negativePrompt']) ?? '',
    batch: numberOrNull(stored['batch']) ?? 1,
    keepBest: stored['keepBest'] === true,
    enlarge: stored['enlarge'] === true,
    size: parseSize(stored['size']),
    seed: seedText(stored['seed']),
    steps: numberOrNull(stored['steps']),
    guidance: numberOrNull(stored['guidance']),
    sampler: textOrNull(stored['sampler']),
    source: parseSource(stored['source']),
    strength: numberOrNull(stored['strength']) ?? strengths.half,
  };
}

export const draftStore = new Store<Draft>(readOfWindow(storageKey, parseDraft) ?? emptyDraft);

draftStore.subscribe(() => writeOfWindow(storageKey, draftStore.get()));

export function changeDraft(change: Partial<Draft>): void {
  draftStore.set((draft) => ({ ...draft, ...change }));
}

export function isSameDraft(one: Draft, other: Draft): boolean {
  const fields = Object.keys(emptyDraft) as (keyof Draft)[];
  return fields.every((field) => JSON.stringify(one[field]) === JSON.stringify(other[field]));
}

/** The kinds that make pictures and clips, in the order in which people should meet them. */
const makingKinds: readonly KindName[] = [
  'sdxl_image_fast',
  'sdxl_image_high',
  'image_fast',
  'image_high',
  'video_fast',
  'video_high',
];

export function sortedMakers(kinds: readonly Kind[]): Kind[] {
  return makingKinds.flatMap((name) => kinds.filter((kind) => kind.name === name));
}

/** The kind that the draft means: the chosen one, else the first that works. */
export function kindOf(draft: Draft, kinds: readonly Kind[]): Kind | null {
  const makers = sortedMakers(kinds);
  return (
    makers.find((kind) => kind.name === draft.kind) ??
    makers.find((kind) => kind.available) ??
    makers[0] ??
    null
  );
}

export function sizeOf(draft: Draft, kind: Kind): Kind['sizes'][number] | null {
  const { sizes } = kind;
  const wanted = draft.size;
  if (!wanted) return sizes[0] ?? null;
  const exact = sizes.find((size) => size.width === wanted.width && size.height === wanted.height);
  return exact ?? sizes.find((size) => size.label === labelOf(wanted)) ?? sizes[0] ?? null;
}

function labelOf(size: { width: number; height: number }): string {
  return size.width === size.height ? 'square' : size.width > size.height ? 'landscape' : 'portrait';
}

export function batchOf(draft: Draft, kind: Kind): number {
  return kind.batches.includes(draft.batch) ? draft.batch : (kind.batches[0] ?? 1);
}

export type DraftFault = 'seed' | 'steps' | 'guidance';

/** The fields that hold what this kind cannot take. What it does not have at all is never sent. */
export function draftFaults(draft: Draft, kind: Kind): DraftFault[] {
  const outside = (value: number | null, range: Kind['steps'] | Kind['guidance']) =>
    value !== null && range !== undefined && (value < range.min || value > range.max);
  const faults: DraftFault[] = [];
  if (draft.seed !== null && parseSeed(draft.seed) === null) faults.push('seed');
  if (outside(draft.steps, kind.steps)) faults.push('steps');
  if (outside(draft.guidance, kind.guidance)) faults.push('guidance');
  return faults;
}

function tuning(draft: Draft, kind: Kind): NewGeneration {
  const body: NewGeneration = { kind: kind.name, batch: batchOf(draft, kind) as 1 | 3 | 6 };
  if (draft.steps !== null && kind.steps) body.steps = draft.steps;
  if (draft.guidance !== null && kind.guidance) body.guidance = draft.guidance;
  if (draft.sampler !== null && kind.samplers?.includes(draft.sampler)) body.sampler = draft.sampler;
  const seed = draft.seed === null ? null : parseSeed(draft.seed);
  if (seed !== null) body.seed = seed;
  return body;
}

/** What is sent for a draft without faults: only what the kind takes, and only what the person has chosen. */
export function requestOf(draft: Draft, kind: Kind): NewGeneration {
  const body: NewGeneration = { ...tuning(draft, kind), prompt: draft.prompt.trim() };
  const size = sizeOf(draft, kind);
  if (size) Object.assign(body, { width: size.width, height: size.height });
  if (draft.negativePrompt.trim() !== '') body.negative_prompt = draft.negativePrompt.trim();
  if (draft.source) {
    body.source_asset_id = draft.source.id;
    if (kind.medium === 'image') body.strength = draft.strength;
  }
  return body;
}

const sendable = [
  'prompt',
  'negative_prompt',
  'width',
  'height',
  'steps',
  'guidance',
  'sampler',
  'seed',
  'strength',
  'source_asset_id',
] as const;

/** The same generation again, with exactly its settings. */
export function retryOf(generation: Generation): NewGeneration {
  const body: Record<string, unknown> = { kind: generation.kind, batch: generation.batch };
  for (const name of sendable) {
    const value = generation.settings[name];
    if (value !== undefined && value !== '') body[name] = value;
  }
  return body as unknown as NewGeneration;
}

export type Reuse = 'all' | 'remix' | 'prompt' | 'seed';

/** What was chosen, as far as can be told: a value that is the kind's own default follows the kind, as it did before. */
function settingsDraft({ settings, kind: name, model }: Generation, kinds: readonly Kind[]): Partial<Draft> {
  const { width, height } = settings;
  const kind = kinds.find((one) => one.name === name && one.model === model);
  const chosen = <Value>(value: Value | undefined, usual: Value | undefined) =>
    value === undefined || value === usual ? null : value;
  return {
    prompt: settings.prompt ?? '',
    negativePrompt: settings.negative_prompt ?? '',
    size: width !== undefined && height !== undefined ? { width, height } : null,
    steps: chosen(settings.steps, kind?.steps?.default),
    guidance: chosen(settings.guidance, kind?.guidance?.default),
    sampler: chosen(settings.sampler, kind?.samplers?.[0]),
    strength: settings.strength ?? strengths.half,
  };
}

/** The draft after "use these settings": all of them, all but the seed, only the words, only the seed. */
export function reuse(
  draft: Draft,
  how: Reuse,
  from: { generation: Generation; asset: Asset; kinds: readonly Kind[]; source?: Draft['source'] },
): Draft {
  const { generation, asset, kinds, source = null } = from;
  const seed = seedText(asset.seed ?? generation.settings.seed);
  if (how === 'seed') return { ...draft, seed };
  if (how === 'prompt') return { ...draft, prompt: generation.settings.prompt ?? '' };
  return {
    ...draft,
    ...settingsDraft(generation, kinds),
    kind: generation.kind,
    batch: how === 'remix' ? generation.batch : 1,
    keepBest: false,
    seed: how === 'all' ? seed : null,
    source,
  };
}
