import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { ProblemError, UnreachableError } from '@/api/client';
import type { Kind } from '@/api/types';
import { announce } from '@/lib/announce';
import { studioNow } from '@/lib/apply_event';
import { runOf, type BestOf } from '@/lib/best_of';
import { draftFaults, draftStore, isSameDraft, promptBytesMax, requestOf, type Draft } from '@/lib/draft';
import { earlierDraft, putEarlierAway } from '@/lib/draft_history';
import { utf8Length } from '@/lib/format';
import { useStudio } from '@/lib/hooks';
import { connection } from '@/lib/live';
import { composer as words } from '@/lib/messages/composer';
import { errorText } from '@/lib/messages/common';
import { isOnItsWay, outgoingStore, underWay, type Outgoing } from '@/lib/outgoing';
import { Store, useStore } from '@/lib/store';
import { emptyStudio, type Studio } from '@/lib/studio';
import { submit } from '@/lib/submit';
import { faultText } from './advanced_fields';

/** What stands in the way, and at which field; a field of null concerns the whole. */
export interface SendError {
  field: string | null;
  text: string;
  /** Prompts that would work instead. */
  suggestions?: readonly string[];
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
        ...(failure instanceof ProblemError && failure.problem.suggestions
          ? { suggestions: failure.problem.suggestions }
          : {}),
      };

/** What of the requests on their way concerns the composer. */
function useOnTheWay(
  draft: Draft,
  kind: Kind | null,
  best: BestOf | null,
): { sending: boolean; silent: boolean } {
  const outgoing = useStore(outgoingStore);
  const isSilent = useCallback(
    (studio: Studio) => underWay(outgoing, studio).some(({ silent }) => silent),
    [outgoing],
  );
  const isSending = useCallback(
    (studio: Studio) =>
      kind !== null &&
      outgoing.length > 0 &&
      isOnItsWay({ medium: kind.medium, ...wholeOf(draft, kind, best) }, studio),
    [best, draft, kind, outgoing],
  );
  return {
    /** The very thing that stands in the composer: pressing again does not ask for it twice. */
    sending: useStudio(isSending) ?? isSending(emptyStudio),
    silent: useStudio(isSilent) ?? isSilent(emptyStudio),
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
  const { sending, silent } = useOnTheWay(draft, kind, best);
  const error = useStore(errorStore);
  useEffect(() => {
    const forgive = (isOver: boolean) => {
      if (isOver && errorStore.get()?.passing === true) setError(null);
    };
    const unsubscribes = [
      connection.subscribe(() => forgive(connection.get().state === 'live')),
      // It has arrived after all.
      outgoingStore.subscribe(() => forgive(!outgoingStore.get().some(({ inField }) => inField))),
    ];
    return () => unsubscribes.forEach((unsubscribe) => unsubscribe());
  }, []);

  const send = async () => {
    const draft = draftStore.get();
    if (!kind) return setError(away());
    const wrong = checkBefore(draft, kind);
    if (wrong) return setError(wrong);
    if (!kind.available) {
      return setError({ field: 'kind', text: kind.unavailable_reason ?? words.unavailable });
    }
    if (draft.source && (best?.quick ?? kind).image_to_image === false) {
      return setError({ field: 'source_asset_id', text: words.sourceUnsupported });
    }
    const request = { ...wholeOf(draft, kind, best), medium: kind.medium, draft };
    // Asked of what is so now: two presses may come before the first one is drawn.
    if (isOnItsWay(request, studioNow(cache))) return;
    setError(null);
    const inField = () => isSameDraft(draft, draftStore.get());
    const earlier = earlierDraft.get();
    try {
      await submit(cache, request, inField);
      // What has been put aside since then is not over with this.
      if (earlierDraft.get() === earlier) putEarlierAway();
      announce(words.queuedOne);
    } catch (failure) {
      if (inField()) setError(sendErrorOf(failure));
      else announce(errorText(failure));
    }
  };
  return { send: () => void send(), sending, silent, error, setError };
}
