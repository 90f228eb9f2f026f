import { X } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import { cx } from '@/lib/class_names';
import { common } from '@/lib/messages/common';
import { Store, useStore } from '@/lib/store';
import { dismissToast, runToast, toastStore, type Toast } from '@/lib/toasts';

const shownMs = 8_000;

/** Where a toast may stand: the frame, a page, or a dialog over it. It stands in the foremost. */
type Layer = 'frame' | 'page' | 'dialog';
const layers: readonly Layer[] = ['frame', 'page', 'dialog'];

const slots = new Store<readonly { id: string; layer: Layer }[]>([]);

const foremost = (all: ReturnType<typeof slots.get>): string | undefined =>
  layers.flatMap((layer) => all.filter((slot) => slot.layer === layer)).at(-1)?.id;

/** A place of its own for what has none, so that it covers nothing. */
export function ToastSlot({ layer, className }: { layer: Layer; className?: string }) {
  const id = useId();
  useEffect(() => {
    slots.set((all) => [...all, { id, layer }]);
    return () => slots.set((all) => all.filter((slot) => slot.id !== id));
  }, [id, layer]);
  const isForemost = foremost(useStore(slots)) === id;
  const toasts = useStore(toastStore);
  if (!isForemost || toasts.length === 0) return null;
  return (
    <section
      aria-label={common.notifications}
      data-toasts
      className={cx('mx-auto flex w-full max-w-220 shrink-0 flex-col gap-1 px-2 py-1', className)}
    >
      {toasts.map((toast) => (
        <ToastLine key={toast.group} toast={toast} />
      ))}
    </section>
  );
}

/** Goes after a while, but never while somebody points at it or has the focus in it. */
function useLeaving({ id, stays }: Toast) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = line.current;
    if (!element || stays) return;
    const listening = new AbortController();
    const { signal } = listening;
    let timer = 0;
    const hold = () => clearTimeout(timer);
    const go = () => {
      hold();
      timer = window.setTimeout(() => dismissToast(id), shownMs);
    };
    for (const type of ['pointerenter', 'focusin']) element.addEventListener(type, hold, { signal });
    for (const type of ['pointerleave', 'focusout']) element.addEventListener(type, go, { signal });
    go();
    return () => {
      hold();
      listening.abort();
    };
  }, [id, stays]);
  return line;
}

function ToastLine({ toast }: { toast: Toast }) {
  const { id } = toast;
  const line = useLeaving(toast);
  return (
    <div
      ref={line}
      data-toast
      className="animate-appear flex min-h-11 items-center rounded-md border border-line bg-surface-raised pl-4 text-text shadow-raised"
    >
      <p className={cx('grow py-1 text-sm', toast.tone === 'danger' && 'text-danger')}>{toast.text}</p>
      {toast.action && (
        <button
          type="button"
          onClick={() => runToast(toast)}
          className="min-h-11 rounded-sm px-3 text-sm font-semibold whitespace-nowrap text-accent hover:bg-surface-hover"
        >
          {toast.action.label}
        </button>
      )}
      <button
        type="button"
        aria-label={common.close}
        onClick={() => dismissToast(id)}
        className="inline-flex size-11 shrink-0 items-center justify-center rounded-sm text-text-muted hover:bg-surface-hover"
      >
        <X aria-hidden className="size-4" />
      </button>
    </div>
  );
}
