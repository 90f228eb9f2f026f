import type { Generation, Kind, NewGeneration, RunRequest } from '@/api/types';
import { draftStore, isSameDraft, parseDraft, type Draft } from './draft';
import { composer as words } from './messages/composer';
import { readOfThisWindow, writeOfThisWindow } from './storage';
import { Store } from './store';
import { emptyStudio, type Studio } from './studio';

/** Why it was not sent. What the studio has not refused can be sent again as it is. */
export interface NotSent {
  why: string;
  refused: boolean;
}

/** A request on its way: it has its place on the screen before the server has answered. */
export interface Outgoing {
  key: string;
  medium: Kind['medium'];
  body: NewGeneration;
  /** Where it asks for the best of several: the whole of that, of which `body` is the drafts. */
  run?: RunRequest;
  /** What the composer held; null for one that did not come from there. */
  draft: Draft | null;
  /** The newest generation that was known when it was sent. */
  after: string;
  /** The generation that came of it, once the server has said so. */
  answer: string | null;
  /** The studio has been asked at least once without answering. */
  silent: boolean;
  notSent: NotSent | null;
  /** Its words stand in the composer, from which it goes out again under the same key. */
  inField: boolean;
}

const storageKey = 'ourvidz.outgoing';

const isObject = (raw: unknown): raw is Record<string, unknown> => typeof raw === 'object' && raw !== null;

/** What a page that has gone did not hear of any more; `now` stands in the field. */
export function leftBehind(raw: unknown, now: Draft): Outgoing[] {
  if (!Array.isArray(raw)) return [];
  return raw.filter(isObject).flatMap(({ key, medium, body, run, draft: stored, after, inField: was }) => {
    if (typeof key !== 'string' || typeof after !== 'string' || !isObject(body)) return [];
    if (medium !== 'image' && medium !== 'video') return [];
    const draft = parseDraft(stored);
    const inField = isSameDraft(draft, now);
    // It stood in the field, and other words have been written over it.
    if (was === true && !inField) return [];
    const whole = isObject(run) ? { run: run as unknown as RunRequest } : {};
    const request = { key, medium, body: body as unknown as NewGeneration, ...whole, draft, after } as const;
    const notSent = { why: words.pageWentBefore, refused: false };
    return [{ ...request, answer: null, silent: false, notSent, inField } satisfies Outgoing];
  });
}

export const outgoingStore = new Store<readonly Outgoing[]>(
  readOfThisWindow(storageKey, (raw) => leftBehind(raw, draftStore.get())) ?? [],
);

outgoingStore.subscribe(() => {
  const open = outgoingStore.get().filter(({ answer, draft }) => answer === null && draft !== null);
  writeOfThisWindow(storageKey, open);
});

/** Clocks differ; older than this is what a studio had before, of which nothing is known yet. */
const clocksDifferMs = 60_000;

function newest(studio: Studio | undefined): string {
  if (!studio) return new Date(Date.now() - clocksDifferMs).toISOString();
  const { generations } = studio;
  return Object.values(generations).reduce(
    (last, { created_at }) => (created_at > last ? created_at : last),
    '',
  );
}

export function noteSent(
  request: Pick<Outgoing, 'key' | 'body' | 'run' | 'medium' | 'draft'>,
  studio: Studio | undefined,
): Outgoing {
  const state = { answer: null, silent: false, notSent: null, inField: false };
  const sent: Outgoing = { ...request, after: newest(studio), ...state };
  // What stood in the field does so no more.
  outgoingStore.set((all) => [...all.filter(({ answer, inField }) => answer === null && !inField), sent]);
  return sent;
}

type Request = Pick<Outgoing, 'body' | 'medium' | 'run'>;

const isSameRequest = (one: Request, other: Request): boolean =>
  one.medium === other.medium &&
  JSON.stringify([one.body, one.run]) === JSON.stringify([other.body, other.run]);

/** Asked for, and neither answered nor given up. */
const isUnderWay = (one: Outgoing, studio: Studio): boolean =>
  one.answer === null && one.notSent === null && !hasArrived(one, studio);

export const underWay = (all: readonly Outgoing[], studio: Studio): Outgoing[] =>
  all.filter((one) => isUnderWay(one, studio));

/** The very thing is under way already: asked for once more it is still wanted once. */
export const isOnItsWay = (request: Request, studio: Studio = emptyStudio): boolean =>
  underWay(outgoingStore.get(), studio).some((one) => isSameRequest(one, request));

/** The very thing that was asked for from the field, where nobody knows whether it has arrived. */
export const unsureOf = (request: Request): Outgoing | undefined =>
  outgoingStore.get().find((one) => one.inField && isSameRequest(one, request));

function change(key: string, changes: Partial<Outgoing>): void {
  outgoingStore.set((all) => all.map((one) => (one.key === key ? { ...one, ...changes } : one)));
}

export function noteAnswer(key: string, generation: Generation): void {
  change(key, { answer: generation.id, silent: false, notSent: null });
}

export const noteSilence = (key: string): void => change(key, { silent: true });

/** Where its words stand nowhere else, it stays in sight with them until it is sent again or put away. */
export const noteNotSent = (key: string, notSent: NotSent, inField = false): void =>
  change(key, { notSent, inField, silent: false });

export const noteSentAgain = (key: string): void => change(key, { notSent: null, inField: false });

export function forgetOutgoing(key: string): void {
  outgoingStore.set((all) => all.filter((one) => one.key !== key));
}

const asked = ['prompt', 'width', 'height', 'seed', 'steps', 'source_asset_id'] as const;

/** Whether this is what was asked for: whatever was named is as it was named. */
function isOf({ body }: Outgoing, { kind, batch, settings }: Generation): boolean {
  return (
    kind === body.kind &&
    batch === (body.batch ?? 1) &&
    asked.every((name) => body[name] === undefined || String(body[name]) === String(settings[name]))
  );
}

/** Its generation, once that is known; the event stream may tell of it before the request is answered. */
export function arrivalOf(outgoing: Outgoing, studio: Studio): Generation | undefined {
  if (outgoing.answer !== null) return studio.generations[outgoing.answer];
  return Object.values(studio.generations).find(
    (one) => one.created_at > outgoing.after && isOf(outgoing, one),
  );
}

export const hasArrived = (outgoing: Outgoing, studio: Studio): boolean =>
  arrivalOf(outgoing, studio) !== undefined;
