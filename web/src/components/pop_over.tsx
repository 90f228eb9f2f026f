import { Popover } from 'radix-ui';
import { useState, type ReactElement, type ReactNode } from 'react';
import { cx } from '@/lib/class_names';
import { useBackCloses } from '@/lib/layer_history';
import { useLayer } from './layers';

/** Opens beside its trigger, a button, and closes like all that lies over a page: by Escape, by "back", by a touch elsewhere. */
export function PopOver(props: { trigger: ReactElement; className: string; children: ReactNode }) {
  const layer = useLayer();
  const [open, setOpen] = useState(false);
  useBackCloses(open, () => setOpen(false));
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>{props.trigger}</Popover.Trigger>
      <Popover.Portal container={layer}>
        <Popover.Content
          sideOffset={6}
          collisionPadding={12}
          className={cx(
            'animate-appear z-50 max-w-[calc(100vw-24px)] rounded-md border border-line bg-surface-raised p-3 text-sm text-text shadow-raised',
            props.className,
          )}
        >
          {props.children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
