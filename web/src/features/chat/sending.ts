import type { QueryClient } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { api, ProblemError } from '@/api/client';
import type { NewMessage, WholeConversation } from '@/api/types';
import { announce } from '@/lib/announce';
import { applyToStudio } from '@/lib/apply_event';
import { stopAnswer } from '@/lib/cancel';
import { dropConversation, keepSent, keepWhole } from '@/lib/conversations';
import { newId } from '@/lib/ids';
import { chat as words } from '@/lib/messages/chat';
import { errorText } from '@/lib/messages/common';
import { answerOrSight, patient, patiently } from '@/lib/patience';
import { queryKeys } from '@/lib/query_keys';
import { Store } from '@/lib/store';
import { readOfThisWindow, writeOfThisWindow } from '@/lib/storage';
import { draft, draftStore, moveDraft, newPlace, without, type DraftTurn } from './drafts';
import { answerIn } from './tree';

/** What has been sent and is not answered yet. */
export interface Outgoing {
  /** The words, where there are any. */
  text: string | null;
  /** What it follows; for another answer its question, for one that goes on that answer. */
  parentId: string | null;
  /** Stop was pressed before the server had said what there is to stop. */
  stop: boolean;
  /** The server has been asked at least once without answering. */
  silent: boolean;
}
/** What is asked for without words of one's own: another answer, or more of one. */
type Asked = Pick<NewMessage, 'again' | 'continue'>;

/** Why something was not sent. */
interface Fault {
  text: string;
  /** Nobody knows whether it arrived; asked for again under the same key, it is done once. */
  unsure: { asked: Asked; key: string; parentId: string | null } | null;
}

interface Sending {
  outgoing: Readonly<Record<string, Outgoing>>;
  faults: Readonly<Record<string, Fault>>;
}
export type SendingAction =
  | { type: 'begin'; place: string; outgoing: Outgoing }
  | { type: 'move'; from: string; to: string }
  | { type: 'stop'; place: string }
  | { type: 'silence'; place: string }
  | { type: 'end'; place: string; fault: Fault | null }
  | { type: 'forgive'; place: string };

export const nothingSent: Sending = { outgoing: {}, faults: {} };

function changed(state: Sending, place: string, change: Partial<Outgoing>): Sending {
  const one = state.outgoing[place];
  return one ? { ...state, outgoing: { ...state.outgoing, [place]: { ...one, ...change } } } : state;
}

export function reduceSending(state: Sending, action: SendingAction): Sending {
  switch (action.type) {
    case 'begin':
      return {
        outgoing: { ...state.outgoing, [action.place]: action.outgoing },
        faults: without(state.faults, action.place),
      };
    case 'move': {
      const moved = state.outgoing[action.from];
      if (!moved) return state;
      return { ...state, outgoing: { ...without(state.outgoing, action.from), [action.to]: moved } };
    }
    case 'stop':
      return changed(state, action.place, { stop: true });
    case 'silence':
      return changed(state, action.place, { silent: true });
    case 'end':
      return {
        outgoing: without(state.outgoing, action.place),
        faults:
          action.fault === null
            ? without(state.faults, action.place)
            : { ...state.faults, [action.place]: action.fault },
      };
    case 'forgive':
      return state.faults[action.place] === undefined
        ? state
        : { ...state, faults: without(state.faults, action.place) };
  }
}

export const sendingStore = new Store<Sending>(nothingSent);
export const dispatch = (action: SendingAction): void =>
  sendingStore.set((state) => reduceSending(state, action));

const openKey = 'ourvidz.chat.open';
/** The conversation that is looked at; null: a new one. */
export const openStore = new Store<string | null>(
  readOfThisWindow(openKey, (raw) => z.parse(z.string(), raw)),
);
/** The one that was looked at is not there any more; true until another one is opened, or that is put away. */
export const goneStore = new Store(false);
export function open(id: string | null): void {
  openStore.set(() => id);
  goneStore.set(() => false);
  writeOfThisWindow(openKey, id);
}

/** Asks on, and says at the place that the server is silent. */
const untilAnswered = <Answer>(place: string, ask: () => Promise<Answer>): Promise<Answer> =>
  patiently(ask, { ...patient, onSilence: () => dispatch({ type: 'silence', place }) });

async function begin(cache: QueryClient, key: string): Promise<string> {
  const whole = await untilAnswered(newPlace, () => api.createConversation({}, key));
  const { id } = whole.conversation;
  keepWhole(cache, whole);
  moveDraft(newPlace, id);
  dispatch({ type: 'move', from: newPlace, to: id });
  if (openStore.get() === null) open(id);
  return id;
}

/** What the server has of it is said, and there may be something to stop. */
function arrived(cache: QueryClient, place: string, generationId: string | null): void {
  const stopped = sendingStore.get().outgoing[place]?.stop === true;
  draft(place, { type: 'arrived' });
  dispatch({ type: 'end', place, fault: null });
  if (stopped && generationId !== null) stopAnswer(cache, generationId);
}

/** Sends it and sees to what becomes of it, whatever page is shown meanwhile. */
async function send(
  cache: QueryClient,
  from: string,
  body: NewMessage,
  { key, outgoing }: { key: string; outgoing: Outgoing },
): Promise<void> {
  let place = from;
  let begun = false;
  dispatch({ type: 'begin', place, outgoing });
  try {
    if (place === newPlace) {
      place = await begin(cache, key);
      begun = true;
    }
    const queryKey = queryKeys.conversation(place);
    const messages = () => cache.getQueryData<WholeConversation | null>(queryKey)?.messages ?? [];
    const known = messages();
    const asking = untilAnswered(place, () => api.say(place, body, key));
    const sent = asking.then((answer) => {
      keepSent(cache, answer);
      applyToStudio(cache, { type: 'answered', generation: answer.generation });
      return answer.generation.id;
    });
    const seen = () => answerIn(messages(), known, body)?.generation_id;
    arrived(cache, place, (await answerOrSight(sent, cache, queryKey, seen)) ?? null);
  } catch (error) {
    const isRefused = error instanceof ProblemError;
    const isGone = isRefused && error.problem.code === 'not_found';
    if (isGone || (isRefused && begun)) {
      // Removed elsewhere, or begun for nothing: what was written goes into a new one.
      if (begun) void removeEmpty(cache, place);
      moveDraft(place, newPlace);
      dispatch({ type: 'move', from: place, to: newPlace });
      if (openStore.get() === place) open(null);
      place = newPlace;
    }
    draft(place, { type: 'failed' });
    const { text } = outgoing;
    const unsure = isRefused || text !== null ? null : { asked: body, key, parentId: outgoing.parentId };
    const fault = { text: faultText(body, errorText(error)), unsure };
    dispatch({ type: 'end', place, fault });
    announce(fault.text);
  }
}

function faultText(body: NewMessage, why: string): string {
  if (typeof body.again === 'string') return words.notAgain(why);
  return typeof body.continue === 'string' ? words.notContinued(why) : words.notSent(why);
}

/** Nothing was said in it. Where the studio does not answer it stays, and no list shows it. */
async function removeEmpty(cache: QueryClient, id: string): Promise<void> {
  try {
    await patiently(() => api.removeConversation(id));
  } catch {
    return;
  }
  dropConversation(cache, id);
}

function deliver(cache: QueryClient, place: string, { key, text, parentId }: DraftTurn): void {
  const outgoing = { text, parentId, stop: false, silent: false };
  void send(cache, place, { text, parent_id: parentId }, { key, outgoing });
}

export function say(cache: QueryClient, place: string, turn: DraftTurn): void {
  draft(place, { type: 'send', turn });
  deliver(cache, place, turn);
}

/** What the page before this one was sending goes out again: under its key it is said once. */
export function sayAgain(cache: QueryClient): void {
  for (const [place, { sending }] of Object.entries(draftStore.get())) {
    if (sending !== null && sendingStore.get().outgoing[place] === undefined) deliver(cache, place, sending);
  }
}

/** Another answer beside this one, or more of it. What may have been asked for already goes out under the same key. */
export function ask(cache: QueryClient, place: string, asked: Asked, parentId: string | null): void {
  const unsure = sendingStore.get().faults[place]?.unsure;
  const isSame = unsure?.asked.again === asked.again && unsure?.asked.continue === asked.continue;
  const outgoing = { text: null, parentId, stop: false, silent: false };
  void send(cache, place, asked, { key: unsure && isSame ? unsure.key : newId(), outgoing });
}
