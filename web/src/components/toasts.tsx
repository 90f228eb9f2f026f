import { X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { common } from '@/lib/messages/common';
import { useStore } from '@/lib/store';
import { dismissToast, toastStore } from '@/lib/toasts';
import { cx } from '@/lib/class_names';

const shownMs = 7_000;

export function Toasts() {
  const toasts = useStore(toastStore);
  return (
    <Radix.Provider duration={shownMs} swipeDirection="down" label={common.notifications}>
      {toasts.map((toast) => (
        <Radix.Root
          key={toast.id}
          onOpenChange={(open) => {
            if (!open) dismissToast(toast.id);
          }}
          className="animate-rise flex items-center gap-1 rounded-md border border-line bg-surface-raised py-1 pr-1 pl-4 shadow-raised"
        >
          <Radix.Description className={cx('grow text-sm', toast.tone === 'danger' && 'text-danger')}>
            {toast.text}
          </Radix.Description>
          {toast.action && (
            <Radix.Action
              altText={toast.action.label}
              onClick={toast.action.run}
              className="min-h-11 rounded-sm px-3 text-sm font-semibold text-accent hover:bg-surface-hover"
            >
              {toast.action.label}
            </Radix.Action>
          )}
          <Radix.Close
            aria-label={common.close}
            className="inline-flex size-11 items-center justify-center rounded-sm text-text-muted hover:bg-surface-hover"
          >
            <X aria-hidden className="size-4" />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport className="fixed inset-x-3 top-15 z-60 mx-auto flex max-w-md flex-col gap-2 outline-none" />
    </Radix.Provider>
  );
}
