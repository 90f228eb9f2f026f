import { announce } from './announce';
import { newId } from './ids';
import { Store } from './store';

interface Action {
  label: string;
  run: () => void;
  /** What the key does instead, where `run` takes back several things: only the last of them. It keeps the toast true. */
  runLast?: () => void;
}

export interface Toast {
  id: string;
  text: string;
  tone: 'plain' | 'danger';
  /** One toast of a group is shown at a time; a newer one takes its place. */
  group: string;
  action?: Action;
  /** It waits for somebody, who may be looking elsewhere. */
  stays: boolean;
}

const toastsMax = 2;

export const toastStore = new Store<readonly Toast[]>([]);

/** For what has no place of its own on the screen; said to who cannot see it, too. */
export function toast(
  text: string,
  options: { tone?: Toast['tone']; action?: Toast['action']; group?: string; stays?: boolean } = {},
): void {
  const id = newId();
  const { tone = 'plain', group = id, stays = false } = options;
  const next: Toast = { id, text, tone, group, stays };
  if (options.action) next.action = options.action;
  toastStore.set((toasts) => [...toasts.filter(({ group }) => group !== next.group), next].slice(-toastsMax));
  announce(text);
}

export function dismissToast(id: string): void {
  toastStore.set((toasts) => toasts.filter((one) => one.id !== id));
}

export function runToast({ id, action }: Toast): void {
  dismissToast(id);
  action?.run();
}

/** Takes back what was said last, by a key. Says whether there was anything. */
export function undoLast(): boolean {
  const last = toastStore.get().findLast(({ action, stays }) => action !== undefined && !stays);
  if (last?.action?.runLast) last.action.runLast();
  else if (last) runToast(last);
  return last !== undefined;
}
