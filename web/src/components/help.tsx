import { CircleHelp } from 'lucide-react';
import { Popover } from 'radix-ui';
import { common } from '@/lib/messages/common';
import { useLayer } from './layers';

/** Explains a word; opens by touch, click and keyboard alike. */
export function Help({ topic, text }: { topic: string; text: string }) {
  const layer = useLayer();
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={common.help(topic)}
        className="inline-flex size-8 items-center justify-center rounded-sm text-text-muted transition-colors hover:bg-surface-hover hover:text-text"
      >
        <CircleHelp aria-hidden className="size-4" />
      </Popover.Trigger>
      <Popover.Portal container={layer}>
        <Popover.Content
          sideOffset={4}
          collisionPadding={12}
          className="animate-appear z-50 w-72 max-w-[calc(100vw-24px)] rounded-md border border-line bg-surface-raised p-3 text-sm text-text shadow-raised"
        >
          {text}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
