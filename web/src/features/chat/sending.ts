import type { QueryClient } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { api, ProblemError } from '@/api/client';
import type { NewMessage, WholeConversation } from '@/api/types';
import { announce } from '@/lib/announce';
import { applyToStudio } from '@/lib/apply_event';
import { keepSent, keepWhole } from '@/lib/conversations';
import { errorText } from '@/lib/messages/common';
import { answerOrSight, brief, patient, patiently } from '@/lib/patience';
import { queryKeys } from '@/lib/query_keys';
import { Store } from '@/lib/store';
import { readOfThisWindow, writeOfThisWindow } from '@/lib/storage';
import { toast } from '@/lib/toasts';
import { draft, moveDraft, newPlace, without, type DraftTurn } from './drafts';
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
interface Sending {
  outgoing: Readonly<Record<string, Outgoing>>;
  /** Why something was not sent. */
  faults: Readonly<Record<string, string>>;
}
export type SendingAction =
  | { type: 'begin'; place: string; outgoing: Outgoing }
  | { type: 'move'; from: string; to: string }
  | { type: 'stop'; place: string }
  | { type: 'silence'; place: string }
  | { type: 'end'; place: string; fault: string | null }
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

export function cancel(cache: QueryClient, generationId: string): void {
  patiently(() => api.cancel(generationId), brief)
    .then((generation) => applyToStudio(cache, { type: 'answered', generation }))
    .catch((error: unknown) => toast(errorText(error), { tone: 'danger' }));
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
  if (stopped && generationId !== null) cancel(cache, generationId);
}

/** Sends it and sees to what becomes of it, whatever page is shown meanwhile. */
async function send(
  cache: QueryClient,
  from: string,
  body: NewMessage,
  { key, outgoing }: { key: string; outgoing: Outgoing },
): Promise<void> {
  let place = from;
  dispatch({ type: 'begin', place, outgoing });
  try {
    if (place === newPlace) place = await begin(cache, key);
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
    const fault = errorText(error);
    draft(place, { type: 'failed' });
    dispatch({ type: 'end', place, fault });
    announce(fault);
    if (!(error instanceof ProblemError) || error.problem.code !== 'not_found') return;
    // It was removed elsewhere: what was written goes into a new one.
    moveDraft(place, newPlace);
    if (openStore.get() === place) open(null);
  }
}

export function say(cache: QueryClient, place: string, turn: DraftTurn): void {
  draft(place, { type: 'send', turn });
  const { key, text, parentId } = turn;
  const outgoing = { text, parentId, stop: false, silent: false };
  void send(cache, place, { text, parent_id: parentId }, { key, outgoing });
}

/** Another answer beside this one, or more of it; the key is new, since what is asked for is. */
export function ask(
  cache: QueryClient,
  place: string,
  body: Pick<NewMessage, 'again' | 'continue'>,
  { key, parentId }: { key: string; parentId: string | null },
): void {
  void send(cache, place, body, { key, outgoing: { text: null, parentId, stop: false, silent: false } });
}
