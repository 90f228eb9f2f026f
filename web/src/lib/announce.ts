import { Store } from './store';

/** The sentence that screen readers hear next; politely, after what they are saying. */
export const announcement = new Store<string>('');

export function announce(sentence: string): void {
  announcement.set(() => sentence);
}
