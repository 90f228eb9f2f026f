import type { Generation, Kind, KindName, RunRequest } from '@/api/types';
import { batchOf, requestOf, retryOf, sizeOf, type Draft } from './draft';

/** Drafts by a quick kind, and what is made of the best of them. */
export interface BestOf {
  quick: Kind;
  full: Kind;
  /** What enlarges that, where it is wanted. */
  enlarge?: Kind | undefined;
}

const pairs: readonly (readonly [quick: KindName, full: KindName])[] = [
  ['sdxl_image_fast', 'sdxl_image_high'],
  ['image_fast', 'image_high'],
];

/** The pair that a kind belongs to, where both of it are to be had. */
export function pairOf(kind: Kind | null, kinds: readonly Kind[]): BestOf | null {
  const names = pairs.find((pair) => kind !== null && pair.includes(kind.name));
  const [quick, full] = (names ?? []).map((name) => kinds.find((one) => one.name === name));
  return quick?.available && full?.available ? { quick, full } : null;
}

/** What the composer means by "the best of": null where it means none. */
export const bestOf = (draft: Draft, kind: Kind | null, kinds: readonly Kind[]): BestOf | null =>
  draft.keepBest ? withEnlarging(pairOf(kind, kinds), draft.enlarge ? enlargerOf(kinds) : undefined) : null;

/** What enlarges pictures, where that is to be had. */
export const enlargerOf = (kinds: readonly Kind[]): Kind | undefined =>
  kinds.find(({ name, available }) => name === 'image_enlarge' && available);

const withEnlarging = (pair: BestOf | null, enlarge: Kind | undefined): BestOf | null =>
  pair && enlarge ? { ...pair, enlarge } : pair;

/** Drafts, the one picture of the best of them, and enlarging it: more is never paid. */
export const creditsAtMost = ({ quick, full, enlarge }: BestOf, count: number): number =>
  (quick.credits ?? 0) * count + (full.credits ?? 0) + (enlarge?.credits ?? 0);

/** What is sent for it. The settings that were changed are those of the kind that was chosen. */
export function runOf(draft: Draft, kind: Kind, best: BestOf): RunRequest {
  const { quick, full } = best;
  const plain = { ...draft, steps: null, guidance: null, sampler: null };
  const forFull = kind.name === full.name ? draft : plain;
  const { steps, guidance, sampler } = requestOf(forFull, full);
  const size = sizeOf(draft, full);
  return {
    workflow: 'keep_the_best',
    // What was said to be the most that it costs.
    max_credits: creditsAtMost(best, batchOf(draft, quick)),
    ...(best.enlarge ? { enlarge: true } : {}),
    draft: requestOf(kind.name === quick.name ? draft : plain, quick),
    full: {
      kind: full.name,
      ...(size ? { width: size.width, height: size.height } : {}),
      ...(steps === undefined ? {} : { steps }),
      ...(guidance === undefined ? {} : { guidance }),
      ...(sampler === undefined ? {} : { sampler }),
    },
  };
}

const ofFull = ['width', 'height', 'steps', 'guidance', 'sampler'] as const;

/** The same drafts again, and the same to be made of the best of them; `enlarging`: what that costs, where it was wanted. */
export function runAgain(draft: Generation, full: Generation, enlarging: number | null = null): RunRequest {
  const rest: Record<string, unknown> = {};
  for (const name of ofFull) {
    const value = full.settings[name];
    if (value !== undefined) rest[name] = value;
  }
  return {
    workflow: 'keep_the_best',
    max_credits: draft.credits + full.credits + (enlarging ?? 0),
    ...(enlarging === null ? {} : { enlarge: true }),
    draft: retryOf(draft),
    full: { kind: full.kind, ...rest },
  };
}
