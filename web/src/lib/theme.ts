import { Store } from './store';

export const themeChoices = ['system', 'dark', 'light'] as const;
type ThemeChoice = (typeof themeChoices)[number];

/** The same key that public/theme.js reads before the first paint; a bare word, not JSON. */
const storageKey = 'ourvidz.theme';

function read(): ThemeChoice {
  try {
    const stored = localStorage.getItem(storageKey);
    return themeChoices.find((choice) => choice === stored) ?? 'system';
  } catch {
    return 'system';
  }
}

export const themeStore = new Store<ThemeChoice>(typeof localStorage === 'undefined' ? 'system' : read());

function apply(): void {
  const choice = themeStore.get();
  const light =
    choice === 'system' ? matchMedia('(prefers-color-scheme: light)').matches : choice === 'light';
  document.documentElement.dataset['theme'] = light ? 'light' : 'dark';
}

export function chooseTheme(choice: ThemeChoice): void {
  try {
    localStorage.setItem(storageKey, choice);
  } catch {
    // Then it lasts until the page is closed.
  }
  themeStore.set(() => choice);
  apply();
}

export function followSystemTheme(): void {
  apply();
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', apply);
}
