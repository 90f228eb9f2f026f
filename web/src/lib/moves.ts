import type { Asset } from '@/api/types';
import { assets as words } from './messages/assets';
import { Store } from './store';
import { dismissToast, toast, toastStore } from './toasts';

/** An asset as it was, where it went, and whether the server has let it go there. */
export interface Move {
  asset: Asset;
  to: 'kept' | 'discarded';
  done: Promise<boolean>;
}

const group = 'moves';
const recent = new Store<readonly Move[]>([]);

type Undo = (moves: readonly Move[]) => void;

const shownToast = () => toastStore.get().find((one) => one.group === group);

/** Quick decisions one after the other are one toast with one Undo, as long as that toast is there. */
export function tellMove(move: Move, undo: Undo): void {
  const isShown = shownToast() !== undefined;
  recent.set((moves) => [...(isShown ? moves : []), move]);
  tellRecent(undo);
}

/** For a move that was told and is none any more: the server has refused it, or it was taken back. */
export function untellMove(move: Move, undo: Undo): void {
  recent.set((moves) => moves.filter((one) => one !== move));
  const shown = shownToast();
  if (!shown) return;
  if (recent.get().length > 0) tellRecent(undo);
  else dismissToast(shown.id);
}

function tellRecent(undo: Undo): void {
  const moves = recent.get();
  const count = (to: Move['to']) => moves.filter((one) => one.to === to).length;
  const text = words.moved(count('kept'), count('discarded'));
  const undoLastOf = () => {
    const last = moves.at(-1);
    if (!last) return;
    untellMove(last, undo);
    undo([last]);
  };
  const label = moves.length === 1 ? words.undo : words.undoAll;
  toast(text, { group, action: { label, run: () => undo(moves), runLast: undoLastOf } });
}
