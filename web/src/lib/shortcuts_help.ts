import { Store } from './store';

/** Whether the list of keyboard shortcuts is open; the frame shows it over any page. */
export const shortcutsHelp = new Store(false);

export function openShortcuts(): void {
  shortcutsHelp.set(() => true);
}
