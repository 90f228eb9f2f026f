import { hashKey, type QueryClient, type QueryKey } from '@tanstack/react-query';
import { UnreachableError } from '@/api/client';

interface Patience {
  /** How long to wait before each time that it is asked again. */
  againAfterMs: readonly number[];
  /** Told each time that no answer came and it is asked again. */
  onSilence?: () => void;
}

/** For what a person has written: most of a minute, where the studio stands still. */
export const patient: Patience = { againAfterMs: [1_000, 3_000, 5_000] };
/** For what is shown at once and taken back if it was not done: once more, since an answer may get lost. */
export const brief: Patience = { againAfterMs: [1_000] };

/**
 * Asks again when no answer came. Only for what is as good as done once when it is done twice: what has a key, and what
 * says how something is to be.
 */
export async function patiently<Answer>(
  ask: () => Promise<Answer>,
  { againAfterMs, onSilence }: Patience = patient,
): Promise<Answer> {
  for (const afterMs of againAfterMs) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      onSilence?.();
      await new Promise((resolve) => setTimeout(resolve, afterMs));
    }
  }
  return ask();
}

/**
 * The answer, or what `look` finds of its outcome in the cache, whichever comes first: the answer may be lost on its way
 * where the event stream, which keeps `queryKey` up to date, has told of it. The asking itself goes on.
 */
export async function answerOrSight<Answer, Sight>(
  asking: Promise<Answer>,
  cache: QueryClient,
  queryKey: QueryKey,
  look: () => Sight | undefined,
): Promise<Answer | Sight> {
  const hash = hashKey(queryKey);
  let stop = (): void => undefined;
  const sight = new Promise<Sight>((resolve) => {
    const check = () => {
      const found = look();
      if (found !== undefined) resolve(found);
    };
    stop = cache.getQueryCache().subscribe(({ query }) => {
      if (query.queryHash === hash) check();
    });
    check();
  });
  try {
    return await Promise.race([asking, sight]);
  } finally {
    stop();
  }
}
