import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { ProblemError, UnreachableError } from '@/api/client';
import type { Kind } from '@/api/types';
import { announce } from '@/lib/announce';
import { runOf, type BestOf } from '@/lib/best_of';
import { draftFaults, draftStore, isSameDraft, promptBytesMax, requestOf, type Draft } from '@/lib/draft';
import { earlierDraft, putEarlierAway } from '@/lib/draft_history';
import { utf8Length } from '@/lib/format';
import { useStudio } from '@/lib/hooks';
import { connection } from '@/lib/live';
import { composer as words } from '@/lib/messages/composer';
import { errorText } from '@/lib/messages/common';
import { hasArrived, outgoingStore, type Outgoing } from '@/lib/outgoing';
import { Store, useStore } from '@/lib/store';
import type { Studio } from '@/lib/studio';
import { submit } from '@/lib/submit';
import { faultText } from './advanced_fields';

/** What stands in the way, and at which field; a field of null concerns the whole. */
export interface SendError {
  field: string | null;
  text: string;
  /** True only while the studio is away. */
  passing?: boolean;
}

/** Of what stands in the composer, also while another page is shown. */
const errorStore = new Store<SendError | null>(null);
const setError = (error: SendError | null): void => errorStore.set(() => error);

function checkBefore(draft: Draft, kind: Kind): SendError | null {
  const prompt = draft.prompt.trim();
  if (prompt === '') return { field: 'prompt', text: words.needPrompt };
  const over = utf8Length(prompt) - promptBytesMax;
  if (over > 0) return { field: 'prompt', text: words.tooLong(over) };
  const field = draftFaults(draft, kind)[0];
  return field === undefined ? null : { field, text: faultText(field, kind) };
}

const away = (): SendError => ({
  field: null,
  text: errorText(new UnreachableError()),
  passing: true,
});

const sendErrorOf = (failure: unknown): SendError =>
  failure instanceof UnreachableError
    ? away()
    : {
        // Of the best of several, whichever step it is about.
        field:
          failure instanceof ProblemError
            ? (failure.problem.field?.replace(/^(draft|full)\./, '') ?? null)
            : null,
        text: errorText(failure),
      };

const none: readonly Outgoing[] = [];

function onTheWay(outgoing: readonly Outgoing[], studio: Studio): readonly Outgoing[] {
  const waiting = outgoing.filter(
    (one) => one.answer === null && one.notSent === null && !hasArrived(one, studio),
  );
  return waiting.length === 0 ? none : waiting;
}

/** What of the requests on their way concerns the composer. */
function useOnTheWay(draft: Draft) {
  const outgoing = useStore(outgoingStore);
  const select = useCallback((studio: Studio) => onTheWay(outgoing, studio), [outgoing]);
  const waiting = useStudio(select) ?? none;
  return {
    /** The very thing that stands in the composer: pressing again must not ask for it twice. */
    sending: waiting.some((one) => one.draft !== null && isSameDraft(one.draft, draft)),
    silent: waiting.some(({ silent }) => silent),
  };
}

function wholeOf(draft: Draft, kind: Kind, best: BestOf | null): Pick<Outgoing, 'body' | 'run'> {
  if (!best) return { body: requestOf(draft, kind) };
  const run = runOf(draft, kind, best);
  return { body: run.draft, run };
}

export function useSend(kind: Kind | null, best: BestOf | null) {
  const cache = useQueryClient();
  const draft = useStore(draftStore);
  const { sending, silent } = useOnTheWay(draft);
  const error = useStore(errorStore);
  // Two presses may come before the first one is drawn.
  const sent = useRef<Draft | null>(null);
  useEffect(
    () =>
      connection.subscribe(() => {
        if (connection.get().state === 'live' && errorStore.get()?.passing === true) setError(null);
      }),
    [],
  );

  const send = async () => {
    const draft = draftStore.get();
    if (sending || sent.current === draft) return;
    if (!kind) return setError(away());
    const wrong = checkBefore(draft, kind);
    if (wrong) return setError(wrong);
    if (!kind.available) {
      return setError({ field: 'kind', text: kind.unavailable_reason ?? words.unavailable });
    }
    if (draft.source && (best?.quick ?? kind).image_to_image === false) {
      return setError({ field: 'source_asset_id', text: words.sourceUnsupported });
    }
    sent.current = draft;
    setError(null);
    const inField = () => isSameDraft(draft, draftStore.get());
    const earlier = earlierDraft.get();
    try {
      await submit(cache, { ...wholeOf(draft, kind, best), medium: kind.medium, draft }, inField);
      // What has been put aside since then is not over with this.
      if (earlierDraft.get() === earlier) putEarlierAway();
      announce(words.queuedOne);
    } catch (failure) {
      if (inField()) setError(sendErrorOf(failure));
      else announce(errorText(failure));
    } finally {
      if (sent.current === draft) sent.current = null;
    }
  };
  return { send: () => void send(), sending, silent, error, setError };
}
