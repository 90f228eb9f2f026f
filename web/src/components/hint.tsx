import { Tooltip } from 'radix-ui';
import type { ReactElement } from 'react';
import { useMediaQuery } from '@/lib/hooks';
import { useLayer } from './layers';

/** A tooltip that repeats or shortens what the control already says; never the only place of a fact. */
export function Hint({
  text,
  shortcut,
  children,
}: {
  text: string;
  shortcut?: string;
  children: ReactElement;
}) {
  const layer = useLayer();
  const canHover = useMediaQuery('(hover: hover)');
  if (!canHover) return children;
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal container={layer}>
        <Tooltip.Content
          sideOffset={6}
          collisionPadding={8}
          className="animate-appear z-50 max-w-64 rounded-sm bg-text px-2 py-1 text-xs text-surface"
        >
          {text}
          {shortcut !== undefined && <kbd className="ml-2 font-sans opacity-75">{shortcut}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
