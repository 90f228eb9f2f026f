import { readStored, writeStored } from './storage';
import { Store } from './store';

const storageKey = 'ourvidz.dismissed';
const dismissedMax = 300;

const parseIds = (raw: unknown): string[] =>
  Array.isArray(raw) ? raw.filter((id) => typeof id === 'string') : [];

/** Failed generations whose tiles the person has put away. */
export const dismissedStore = new Store<ReadonlySet<string>>(new Set(readStored(storageKey, parseIds) ?? []));

export function dismiss(generationId: string): void {
  dismissedStore.set((ids) => new Set([...ids, generationId].slice(-dismissedMax)));
  writeStored(storageKey, [...dismissedStore.get()]);
}
