import { draftStore, emptyDraft, parseDraft, type Draft } from './draft';
import { readOfWindow, writeOfWindow } from './storage';
import { Store } from './store';

/** What the composer held before something else was put there, and what that was. */
interface Earlier {
  draft: Draft;
  replacedBy: Draft;
}

const storageKey = 'ourvidz.draft.earlier';

function parseEarlier(raw: unknown): Earlier | null {
  if (typeof raw !== 'object' || raw === null || !('draft' in raw)) return null;
  return {
    draft: parseDraft(raw.draft),
    replacedBy: parseDraft('replacedBy' in raw ? raw.replacedBy : null),
  };
}

/** Kept across reloads until it is brought back or put away, or what took its place is sent. */
export const earlierDraft = new Store<Earlier | null>(readOfWindow(storageKey, parseEarlier));

earlierDraft.subscribe(() => writeOfWindow(storageKey, earlierDraft.get()));

const written = ['prompt', 'negativePrompt', 'seed', 'steps', 'guidance', 'sampler', 'source'] as const;

/** Whether something that a person has put into it is gone. */
function isLost(before: Draft, after: Draft): boolean {
  return written.some((field) => before[field] !== emptyDraft[field] && before[field] !== after[field]);
}

/** Puts something else into the composer, so that what was there can be brought back. */
export function replaceDraft(step: (draft: Draft) => Draft): void {
  const before = draftStore.get();
  draftStore.set(step);
  const after = draftStore.get();
  if (isLost(before, after)) earlierDraft.set(() => ({ draft: before, replacedBy: after }));
}

/** Nothing is lost by it: what was written since then is put aside in its turn. */
export function bringBackDraft(): void {
  const earlier = earlierDraft.get();
  if (!earlier) return;
  const now = draftStore.get();
  draftStore.set(() => earlier.draft);
  earlierDraft.set(() => (isUntouched(earlier, now) ? null : { draft: now, replacedBy: earlier.draft }));
}

/** Whether `now` is what was put into the composer, with nothing written since. */
export function isUntouched({ replacedBy }: Earlier, now: Draft): boolean {
  return written.every((field) => replacedBy[field] === now[field]);
}

export function putEarlierAway(): void {
  earlierDraft.set(() => null);
}

/** Whether Ctrl+Z in the prompt means the replacement; after that was edited, it means the edit. */
export function isJustReplaced(): boolean {
  return earlierDraft.get()?.replacedBy.prompt === draftStore.get().prompt;
}
