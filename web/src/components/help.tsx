import { CircleHelp } from 'lucide-react';
import { common } from '@/lib/messages/common';
import { PopOver } from './pop_over';

/** Explains a word; opens by touch, click and keyboard alike. */
export function Help({ topic, text }: { topic: string; text: string }) {
  return (
    <PopOver
      className="w-72"
      trigger={
        <button
          type="button"
          aria-label={common.help(topic)}
          className="inline-flex size-8 items-center justify-center rounded-sm text-text-muted transition-colors hover:bg-surface-hover hover:text-text"
        >
          <CircleHelp aria-hidden className="size-4" />
        </button>
      }
    >
      {text}
    </PopOver>
  );
}
