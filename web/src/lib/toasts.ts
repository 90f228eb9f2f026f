import { newId } from './ids';
import { Store } from './store';

interface Toast {
  id: string;
  text: string;
  tone: 'plain' | 'danger';
  action?: { label: string; run: () => void };
}

const toastsMax = 3;

export const toastStore = new Store<readonly Toast[]>([]);

/** For what has no place of its own on the screen. */
export function toast(text: string, options: { tone?: Toast['tone']; action?: Toast['action'] } = {}): void {
  const next: Toast = { id: newId(), text, tone: options.tone ?? 'plain' };
  if (options.action) next.action = options.action;
  toastStore.set((toasts) => [...toasts, next].slice(-toastsMax));
}

export function dismissToast(id: string): void {
  toastStore.set((toasts) => toasts.filter((one) => one.id !== id));
}
