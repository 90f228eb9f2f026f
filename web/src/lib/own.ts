import { Store } from './store';

/** What this window has asked for itself, by id; the rest comes from other windows, devices and programs. */
export const ownStore = new Store<ReadonlySet<string>>(new Set());

export function noteOwn(id: string): void {
  ownStore.set((ids) => (ids.has(id) ? ids : new Set(ids).add(id)));
}
