import { lazy, Suspense } from 'react';
import type { Asset } from '@/api/types';
import { useAssetActions } from '@/lib/asset_actions';
import { media } from '@/lib/media';
import { assets as words } from '@/lib/messages/assets';

const Confirm = lazy(() => import('@/components/confirm').then(({ Confirm }) => ({ default: Confirm })));

interface DeleteForGoodProps {
  asset: Asset;
  onOpenChange: (open: boolean) => void;
  /** Told at once; what it is given says whether it was done. */
  onDelete?: (done: Promise<boolean>) => void;
}

/** Asks before it does. */
export function DeleteForGood({ asset, onOpenChange, onDelete }: DeleteForGoodProps) {
  const { deleteForGood } = useAssetActions();
  return (
    <Suspense>
      <Confirm
        open
        onOpenChange={onOpenChange}
        title={words.deleteTitle(media[asset.medium].name.toLowerCase())}
        text={words.deleteText}
        action={words.deleteForGood}
        onConfirm={() => {
          const done = deleteForGood(asset);
          onDelete?.(done);
        }}
      />
    </Suspense>
  );
}
