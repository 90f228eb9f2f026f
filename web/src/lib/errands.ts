import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { UnreachableError } from '@/api/client';
import { errands as words } from './messages/errands';
import { answerOrSight, brief, patiently } from './patience';
import { Store } from './store';
import { dismissToast, toast, toastStore } from './toasts';

interface Sight<Done> {
  queryKey: QueryKey;
  look: () => Done | undefined;
  /** The answer says more: this counts only where none has come in time. */
  saysLess?: boolean;
}

/** What somebody wants done in the studio; done twice it is as good as done once. */
interface Errand<Done> {
  /** What it is about: a newer errand about the same takes the place of one that was not done. */
  about: string;
  /** In words that end "This may not be done: …". */
  what: string;
  ask: () => Promise<Done>;
  /** What the cache tells of its outcome: then it is done, whether or not it was answered. */
  seen?: Sight<Done>;
  /** Shows what is hoped for, each time that it is asked for. */
  begin?: () => void;
  /** Takes that back: the studio has said no, or nothing. */
  takeBack?: () => void;
  onSilence?: () => void;
  /** `late`: somebody has been told before that it may not be done. */
  onDone?: (done: Done, late: boolean) => void;
}

/** One that nobody knows of whether it was done. */
interface Unsure {
  about: string;
  what: string;
  again: () => void;
}

const group = 'unsure';
const unsureStore = new Store<readonly Unsure[]>([]);

const shownToast = () => toastStore.get().find((one) => one.group === group);

/** All of them are one toast, which stays until it is answered. */
function tell(step: (all: readonly Unsure[]) => readonly Unsure[]): void {
  const shown = shownToast();
  const before = shown ? unsureStore.get() : [];
  const all = step(before);
  unsureStore.set(() => all);
  if (all.length === 0) {
    if (shown) dismissToast(shown.id);
  } else if (all !== before) {
    const again = () => {
      for (const one of all) one.again();
    };
    const text = words.unsure(all.map(({ what }) => what));
    toast(text, { tone: 'danger', group, stays: true, action: { label: words.again, run: again } });
  }
}

function forget(about: string): void {
  tell((all) => (all.some((one) => one.about === about) ? all.filter((one) => one.about !== about) : all));
}

const isUnsure = (one: Unsure): boolean => shownToast() !== undefined && unsureStore.get().includes(one);

/** Says what was not done and why; what the studio has refused it would refuse again. */
export function tellNotDone(what: string, error: unknown): void {
  toast(words.notDone(what, error), { tone: 'danger' });
}

async function settle<Done>(cache: QueryClient, errand: Errand<Done>, late: boolean): Promise<boolean> {
  const { about, what, seen, begin, takeBack, onSilence, onDone } = errand;
  forget(about);
  begin?.();
  try {
    let silent = false;
    const noteSilence = () => {
      silent = true;
      onSilence?.();
    };
    const asking = patiently(errand.ask, { ...brief, onSilence: noteSilence });
    const look = () => (seen?.saysLess === true && !silent ? undefined : seen?.look());
    const done = await (seen ? answerOrSight(asking, cache, seen.queryKey, look) : asking);
    onDone?.(done, late);
    return true;
  } catch (error) {
    takeBack?.();
    if (!(error instanceof UnreachableError)) {
      tellNotDone(what, error);
      return false;
    }
    const unsure = { about, what, again: () => void settle(cache, errand, true) };
    tell((all) => [...all, unsure]);
    if (seen) void watch(cache, errand, seen, unsure);
    return false;
  }
}

/** It may have been done after all, and be told of when the studio speaks again. */
async function watch<Done>(
  cache: QueryClient,
  { about, onDone }: Errand<Done>,
  { queryKey, look }: Sight<Done>,
  unsure: Unsure,
): Promise<void> {
  const never = new Promise<never>(() => undefined);
  // Once nobody waits for it any more there is nothing to look for.
  const outcome = () => (isUnsure(unsure) ? look() : null);
  const done = await answerOrSight(never, cache, queryKey, outcome);
  if (done === null) return;
  forget(about);
  onDone?.(done, true);
}

/** Sees to it that it is done, and says so where that is not certain, with a way to try again. Answers whether it is done. */
export const run = <Done>(cache: QueryClient, errand: Errand<Done>): Promise<boolean> =>
  settle(cache, errand, false);
