import type { QueryClient } from '@tanstack/react-query';
import { api, ProblemError, UnreachableError } from '@/api/client';
import type { Generation } from '@/api/types';
import { announce } from './announce';
import { applyToStudio, studioNow } from './apply_event';
import { newId } from './ids';
import { composer as words } from './messages/composer';
import { errorText } from './messages/common';
import {
  arrivalOf,
  forgetOutgoing,
  noteAnswer,
  noteNotSent,
  noteSent,
  noteSentAgain,
  noteSilence,
  outgoingStore,
  unsureOf,
  type NotSent,
  type Outgoing,
} from './outgoing';
import { answerOrSight, patient, patiently } from './patience';
import { queryKeys } from './query_keys';
import { worthKnowingStore } from './worth_knowing';

function notSentBecause(error: unknown): NotSent {
  const why = error instanceof UnreachableError ? words.neverAnswered : errorText(error);
  return { why, refused: error instanceof ProblemError };
}

function arrivedIn(cache: QueryClient, outgoing: Outgoing): Generation | undefined {
  const studio = studioNow(cache);
  return studio && arrivalOf(outgoing, studio);
}

/** One that the studio has accepted, by whichever way that was heard first. */
function take(cache: QueryClient, key: string, generation: Generation): Generation {
  noteAnswer(key, generation);
  applyToStudio(cache, { type: 'answered', generation });
  return generation;
}

/** Of a run its drafts are what is seen first. */
async function ask(cache: QueryClient, { key, body, run }: Outgoing): Promise<Generation> {
  if (!run) return api.create(body, key);
  const started = await api.createRun(run, key);
  const drafts = await api.generation(started.steps[0]?.generation_id ?? '');
  applyToStudio(cache, { type: 'run', run: started });
  return drafts;
}

/** Sends it under its key, as often as it takes. */
async function send(cache: QueryClient, outgoing: Outgoing): Promise<Generation> {
  const { key } = outgoing;
  const asking = patiently(() => ask(cache, outgoing), { ...patient, onSilence: () => noteSilence(key) });
  const answered = asking.then((generation) => take(cache, key, generation));
  const generation = await answerOrSight(answered, cache, queryKeys.studio, () => arrivedIn(cache, outgoing));
  // What was seen may have been another's that asked for the same; only a refusal is certain to be about this one.
  answered.catch((error: unknown) => {
    if (error instanceof ProblemError) noteNotSent(key, notSentBecause(error));
  });
  worthKnowingStore.set(() => generation);
  void cache.invalidateQueries({ queryKey: queryKeys.balance });
  return take(cache, key, generation);
}

/** Until it has arrived after all, it is what was not sent; what is refused has its place where its words stand. */
async function attempt(cache: QueryClient, outgoing: Outgoing, keeps: () => boolean): Promise<Generation> {
  const { key } = outgoing;
  try {
    return await send(cache, outgoing);
  } catch (error) {
    const notSent = notSentBecause(error);
    const inField = keeps();
    if (inField && notSent.refused) forgetOutgoing(key);
    else {
      noteNotSent(key, notSent, inField);
      void forgetWhenSeen(cache, outgoing);
    }
    throw error;
  }
}

/**
 * Asks for pictures or a clip and sees to what becomes of it, whatever page is shown meanwhile. Where it fails, `keeps`
 * says whether the words stand elsewhere; if not, the request stays in sight.
 */
export async function submit(
  cache: QueryClient,
  request: Pick<Outgoing, 'body' | 'run' | 'medium' | 'draft'>,
  keeps: () => boolean,
): Promise<Generation> {
  const unsure = unsureOf(request);
  if (unsure) noteSentAgain(unsure.key);
  const outgoing = unsure ?? noteSent({ ...request, key: newId() }, studioNow(cache));
  worthKnowingStore.set(() => null);
  return attempt(cache, outgoing, keeps);
}

/** The very same again: if it had arrived after all, it is not made twice. */
export async function sendAgain(cache: QueryClient, outgoing: Outgoing): Promise<void> {
  noteSentAgain(outgoing.key);
  try {
    await attempt(cache, outgoing, () => false);
    announce(words.queuedOne);
  } catch (error) {
    announce(notSentBecause(error).why);
  }
}

/** What has arrived is not unsent, whatever was heard when it was sent. */
async function forgetWhenSeen(cache: QueryClient, outgoing: Outgoing): Promise<void> {
  const never = new Promise<never>(() => undefined);
  await answerOrSight(never, cache, queryKeys.studio, () => arrivedIn(cache, outgoing));
  // It may have been sent again since, which sees to itself.
  const now = outgoingStore.get().find(({ key }) => key === outgoing.key);
  if (now?.notSent) forgetOutgoing(outgoing.key);
}

/** What the page before this one had sent without an answer may have arrived. */
export function watchLeftBehind(cache: QueryClient): void {
  for (const one of outgoingStore.get()) void forgetWhenSeen(cache, one);
}
