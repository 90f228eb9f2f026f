import type { Asset } from '@/api/types';
import { assets as words } from './messages/assets';
import { Store } from './store';
import { toast, toastStore } from './toasts';

/** An asset as it was, and where it went. */
export interface Move {
  asset: Asset;
  to: 'kept' | 'discarded';
}

const group = 'moves';
const recent = new Store<readonly Move[]>([]);

/** Quick decisions one after the other are one toast with one Undo, as long as that toast is there. */
export function tellMove(move: Move, undo: (moves: readonly Move[]) => void): void {
  const isShown = toastStore.get().some((one) => one.group === group);
  recent.set((moves) => [...(isShown ? moves : []), move]);
  const moves = recent.get();
  const count = (to: Move['to']) => moves.filter((one) => one.to === to).length;
  const text = words.moved(count('kept'), count('discarded'));
  toast(text, { group, action: { label: words.undo, run: () => undo(moves) } });
}
