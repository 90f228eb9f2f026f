import { CircleAlert, X, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '@/components/button';
import { rovingStop } from '@/lib/focus';
import { shortcutOf } from '@/lib/keys';
import { assets as words } from '@/lib/messages/assets';

/** On a phone it has a row of its own, as high as what it says. */
export const troublePlace = 'sm:absolute sm:inset-0';
export const troubleFrame = 'max-sm:aspect-auto! max-sm:max-w-none max-sm:basis-full';

/** What has not become a picture: why, what can be done, and a way to put it away. */
export function TroubleTile(props: {
  title: string;
  prompt: string;
  action: { label: string; icon: LucideIcon; busy?: boolean; run: () => void };
  onDismiss: () => void;
  children: ReactNode;
}) {
  const { title, action, onDismiss } = props;
  const { icon: Icon } = action;
  return (
    <div className="flex size-full flex-col rounded-md border border-line p-3 text-sm">
      <div className="flex items-center gap-2">
        <CircleAlert aria-hidden className="size-4.5 shrink-0 text-danger" />
        <p className="font-semibold">{title}</p>
        <IconButton
          label={words.dismiss}
          icon={X}
          tabIndex={-1}
          shortcut="d"
          className="-my-2 -mr-2 ml-auto shrink-0"
          onClick={onDismiss}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto py-1 text-text-muted max-sm:pb-3 sm:text-xs">
        <p dir="auto" className="line-clamp-2 break-words text-text">
          {props.prompt}
        </p>
        {props.children}
      </div>
      <Button
        icon={Icon}
        {...rovingStop}
        aria-disabled={action.busy === true}
        onKeyDown={(event) => {
          if (shortcutOf(event.nativeEvent) === 'd') onDismiss();
        }}
        onClick={() => {
          if (action.busy !== true) action.run();
        }}
      >
        {action.label}
      </Button>
    </div>
  );
}
