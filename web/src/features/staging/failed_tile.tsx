import { CircleAlert, RotateCw, X } from 'lucide-react';
import type { Generation } from '@/api/types';
import { Button, IconButton } from '@/components/button';
import { useAssetActions } from '@/lib/asset_actions';
import { dismiss } from '@/lib/dismissed';
import { rovingStop } from '@/lib/focus';
import { shortcutOf } from '@/lib/keys';
import { assets as words } from '@/lib/messages/assets';

export function FailedTile({ generation }: { generation: Generation }) {
  const actions = useAssetActions();
  const why = generation.error?.detail ?? '';
  const again = () => {
    actions.retry(generation);
    dismiss(generation.id);
  };
  return (
    <div
      className="absolute inset-0 flex flex-col rounded-md border border-line p-3 text-sm"
      data-failed={generation.id}
    >
      <div className="flex items-center gap-2">
        <CircleAlert aria-hidden className="size-4.5 shrink-0 text-danger" />
        <p className="font-semibold">{words.failed}</p>
        <IconButton
          label={words.dismiss}
          icon={X}
          tabIndex={-1}
          shortcut="d"
          className="-my-2 -mr-2 ml-auto"
          onClick={() => dismiss(generation.id)}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto py-1 text-xs text-text-muted">
        <p>{why}</p>
        {generation.credits > 0 && !why.includes(words.notCharged) && <p>{words.notCharged}</p>}
      </div>
      <Button
        icon={RotateCw}
        {...rovingStop}
        onKeyDown={(event) => {
          if (shortcutOf(event.nativeEvent) === 'd') dismiss(generation.id);
        }}
        onClick={again}
      >
        {words.retry}
      </Button>
    </div>
  );
}
