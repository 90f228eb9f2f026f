import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, ProblemError, UnreachableError } from '@/api/client';
import type { Generation, Kind, NewGeneration } from '@/api/types';
import { announce } from '@/lib/announce';
import { applyToStudio } from '@/lib/asset_actions';
import { draftFaults, draftStore, promptBytesMax, requestOf, type Draft } from '@/lib/draft';
import { putEarlierAway } from '@/lib/draft_history';
import { utf8Length } from '@/lib/format';
import { newId } from '@/lib/ids';
import { connection } from '@/lib/live';
import { composer as words } from '@/lib/messages/composer';
import { errorText } from '@/lib/messages/common';
import { noteAnswer, noteNotSent, noteSent } from '@/lib/outgoing';
import { queryKeys } from '@/lib/query_keys';
import type { Studio } from '@/lib/studio';
import { worthKnowingStore } from '@/lib/worth_knowing';
import { faultText } from './advanced_fields';

/** What stands in the way, and at which field; a field of null concerns the whole. */
export interface SendError {
  field: string | null;
  text: string;
  /** True only while the studio is away. */
  passing?: boolean;
}

const triesMax = 3;

/** A lost answer is asked for again under the same key, so nothing is ever made twice. */
async function createSafely(body: NewGeneration, key: string): Promise<Generation> {
  for (let tries = 1; ; tries++) {
    try {
      return await api.create(body, key);
    } catch (error) {
      if (!(error instanceof UnreachableError) || tries >= triesMax) throw error;
    }
  }
}

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

export function useSend(kind: Kind | null) {
  const cache = useQueryClient();
  const [sending, setSending] = useState(false);
  // Two presses may come before the first one is drawn.
  const busy = useRef(false);
  const [error, setError] = useState<SendError | null>(null);

  useEffect(
    () =>
      connection.subscribe(() => {
        if (connection.get().state === 'live') setError((now) => (now?.passing === true ? null : now));
      }),
    [],
  );

  const send = async () => {
    if (busy.current) return;
    if (!kind) return setError(away());
    const draft = draftStore.get();
    const wrong = checkBefore(draft, kind);
    if (wrong) return setError(wrong);
    if (!kind.available) {
      return setError({ field: 'kind', text: kind.unavailable_reason ?? words.unavailable });
    }
    if (draft.source && kind.image_to_image === false) {
      return setError({ field: 'source_asset_id', text: words.sourceUnsupported });
    }
    const key = newId();
    const body = requestOf(draft, kind);
    noteSent(key, body, kind.medium, cache.getQueryData<Studio>(queryKeys.studio));
    busy.current = true;
    setSending(true);
    setError(null);
    worthKnowingStore.set(() => null);
    try {
      const generation = await createSafely(body, key);
      noteAnswer(key, generation);
      applyToStudio(cache, { type: 'answered', generation });
      worthKnowingStore.set(() => generation);
      putEarlierAway();
      void cache.invalidateQueries({ queryKey: queryKeys.balance });
      announce(words.queuedOne);
    } catch (failure) {
      noteNotSent(key);
      const field = failure instanceof ProblemError ? (failure.problem.field ?? null) : null;
      setError(failure instanceof UnreachableError ? away() : { field, text: errorText(failure) });
    } finally {
      busy.current = false;
      setSending(false);
    }
  };
  return { send: () => void send(), sending, error, setError };
}
