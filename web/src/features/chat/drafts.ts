import * as z from 'zod/mini';
import type { Message } from '@/api/types';
import { newId } from '@/lib/ids';
import { Store } from '@/lib/store';
import { readOfThisWindow, readStored, writeOfThisWindow, writeStored } from '@/lib/storage';

const turnSchema = z.object({
  /** Sent again under the same key, it is said once. */
  key: z.string(),
  text: z.string(),
  parentId: z.nullable(z.string()),
});
const draftSchema = z.object({
  text: z.string(),
  /** A message that is being said anew; the draft waits meanwhile. */
  edit: z.nullable(z.object({ messageId: z.string(), parentId: z.nullable(z.string()), text: z.string() })),
  /** On its way, without an answer yet. */
  sending: z.nullable(turnSchema),
  /** What stands in the field was sent already, and nobody knows whether it arrived. */
  unsure: z.nullable(turnSchema),
});
const draftsSchema = z.record(z.string(), draftSchema);

/** What is sent, and what it follows. */
export type DraftTurn = z.infer<typeof turnSchema>;
type Draft = z.infer<typeof draftSchema>;
type Drafts = z.infer<typeof draftsSchema>;

/** The place of what is written before there is a conversation. */
export const newPlace = 'new';
export const noDraft: Draft = { text: '', edit: null, sending: null, unsure: null };

export type DraftAction =
  | { type: 'write'; text: string }
  | { type: 'edit'; messageId: string; parentId: string | null; text: string }
  | { type: 'leaveEdit' }
  | { type: 'send'; turn: DraftTurn }
  /** The server has it, or says that it never will: then it stands in the field again. */
  | { type: 'arrived' }
  | { type: 'failed' }
  /** It had arrived after all. */
  | { type: 'found' };

export const fieldText = (draft: Draft): string => draft.edit?.text ?? draft.text;

/** What comes back stands before what was written meanwhile. */
const before = (first: string, second: string): string =>
  second.trim() === '' ? first : `${first}\n\n${second}`;

export function reduceDraft(draft: Draft, action: DraftAction): Draft {
  switch (action.type) {
    case 'write':
      return draft.edit
        ? { ...draft, edit: { ...draft.edit, text: action.text } }
        : { ...draft, text: action.text, unsure: null };
    case 'edit': {
      const { messageId, parentId, text } = action;
      return { ...draft, edit: { messageId, parentId, text } };
    }
    case 'leaveEdit':
      return { ...draft, edit: null };
    case 'send':
      return {
        text: draft.edit ? draft.text : '',
        edit: null,
        sending: action.turn,
        unsure: null,
      };
    case 'arrived':
      return { ...draft, sending: null };
    case 'found':
      return {
        ...draft,
        text: draft.unsure?.text === draft.text.trim() ? '' : draft.text,
        unsure: null,
      };
    case 'failed':
      return draft.sending === null
        ? draft
        : {
            ...draft,
            text: before(draft.sending.text, draft.text),
            sending: null,
            unsure: draft.text.trim() === '' ? draft.sending : null,
          };
  }
}

/** The turn that stands in the field. One that may have arrived already goes out as it did before. */
export function turnOf(draft: Draft, lastId: string | null): DraftTurn {
  const text = fieldText(draft).trim();
  if (draft.unsure !== null && draft.edit === null && draft.unsure.text === text) return draft.unsure;
  return { key: newId(), text, parentId: draft.edit ? draft.edit.parentId : lastId };
}

/** Whether what nobody knew of is among what was said. */
export const hasArrived = ({ unsure }: Draft, messages: readonly Message[]): boolean =>
  unsure !== null &&
  messages.some(
    ({ role, text, parent_id }) => role === 'user' && text === unsure.text && parent_id === unsure.parentId,
  );

/** Of what other tabs have left nothing is on its way any more. */
export function restored(drafts: Drafts): Drafts {
  return Object.fromEntries(
    Object.entries(drafts).map(([place, draft]) => [place, reduceDraft(draft, { type: 'failed' })]),
  );
}

const storageKey = 'ourvidz.chat.drafts';
const leftKey = 'ourvidz.chat.drafts.left';
/** Drafts that are kept for windows to come, the newest of them. */
const leftMax = 50;

const parse = (raw: unknown): Drafts => z.parse(draftsSchema, raw);
const readLeft = (): Drafts => readStored(leftKey, parse) ?? {};

/**
 * Of this tab, so that two tabs do not write into each other's. A tab that is new begins with what others have left, so that
 * what was refused or never sent outlives its tab.
 */
export const draftStore = new Store<Drafts>(readOfThisWindow(storageKey, parse) ?? restored(readLeft()));

export function without<Value>(of: Readonly<Record<string, Value>>, place: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(of).filter(([name]) => name !== place));
}

function isEmpty(draft: Draft): boolean {
  return draft.text === '' && draft.edit === null && draft.sending === null;
}

/** What a tab leaves of one place to those to come; null: nothing. */
export function leftOf(left: Drafts, place: string, draft: Draft | null): Drafts {
  const others = Object.entries(without(left, place));
  return Object.fromEntries([...others, ...(draft ? [[place, draft] as const] : [])].slice(-leftMax));
}

function write(step: (drafts: Drafts) => Drafts, ...places: string[]): void {
  draftStore.set(step);
  const drafts = draftStore.get();
  writeOfThisWindow(storageKey, drafts);
  const left = places.reduce((now, place) => leftOf(now, place, drafts[place] ?? null), readLeft());
  writeStored(leftKey, left);
}

export function draft(place: string, action: DraftAction): void {
  write((drafts) => {
    const next = reduceDraft(drafts[place] ?? noDraft, action);
    const others = without(drafts, place);
    return isEmpty(next) ? others : { ...others, [place]: next };
  }, place);
}

/** What was begun before there was a conversation goes on in it. */
export function moveDraft(from: string, to: string): void {
  write(
    (drafts) => {
      const { [from]: moved, ...others } = drafts;
      return moved ? { ...others, [to]: moved } : drafts;
    },
    from,
    to,
  );
}
