import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useRef, type ReactNode } from 'react';
import { cx } from '@/lib/class_names';
import { giveFocusBack } from '@/lib/focus';
import { useBackCloses } from '@/lib/layer_history';
import { common } from '@/lib/messages/common';
import { IconButton } from './button';
import { ToastSlot } from './toasts';
import { DialogLayer } from './layers';

interface SheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  about?: string;
  children: ReactNode;
  /** Asked first when Escape is pressed; answers whether it has closed something of its own. */
  onEscape?: () => boolean;
  /** What stays in reach at the end while the middle scrolls. */
  footer?: ReactNode;
}

/** What scrolls can be scrolled by keyboard, also where nothing in it takes the focus. */
function reachable(scroller: HTMLDivElement | null): (() => void) | undefined {
  if (!scroller) return undefined;
  const observer = new ResizeObserver(() => {
    if (scroller.scrollHeight > scroller.clientHeight) scroller.tabIndex = 0;
    else scroller.removeAttribute('tabindex');
  });
  observer.observe(scroller);
  for (const child of scroller.children) observer.observe(child);
  return () => observer.disconnect();
}

/** Comes up from the bottom on a phone, and stands in the middle of a wide screen. */
export function Sheet({ open, onOpenChange, title, about, children, onEscape, footer }: SheetProps) {
  const opener = useRef<Element | null>(null);
  useBackCloses(open, () => onOpenChange(false));
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="animate-appear fixed inset-0 z-40 bg-darkroom/60" />
        <Dialog.Content
          tabIndex={-1}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            opener.current = document.activeElement;
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
          }}
          onEscapeKeyDown={(event) => {
            if (onEscape?.()) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => giveFocusBack(event, opener.current)}
          {...(about === undefined ? { 'aria-describedby': undefined } : {})}
          className={cx(
            'animate-rise fixed z-40 flex flex-col border-line bg-surface-raised text-text shadow-raised focus:outline-none',
            'inset-x-0 bottom-0 max-h-[88dvh] rounded-t-lg border-t pb-[env(safe-area-inset-bottom)]',
            'lg:inset-0 lg:m-auto lg:h-fit lg:max-h-[80dvh] lg:w-140 lg:rounded-lg lg:border lg:pb-0',
          )}
        >
          <DialogLayer>
            <div className="flex items-start justify-between gap-2 py-2 pr-2 pl-4">
              <div className="py-2">
                <Dialog.Title className="text-base font-semibold">{title}</Dialog.Title>
                {about !== undefined && (
                  <Dialog.Description className="text-sm text-text-muted">{about}</Dialog.Description>
                )}
              </div>
              <Dialog.Close asChild>
                <IconButton label={common.close} icon={X} />
              </Dialog.Close>
            </div>
            <div ref={reachable} className="min-h-0 overflow-y-auto overscroll-contain px-4 pb-4">
              {children}
            </div>
            <ToastSlot layer="dialog" />
            {footer !== undefined && <div className="border-t border-line p-3">{footer}</div>}
          </DialogLayer>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
