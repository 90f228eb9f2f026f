import { useMemo } from 'react';
import type { Asset } from '@/api/types';
import { Button } from '@/components/button';
import { Sheet } from '@/components/sheet';
import { promptOfAsset } from '@/lib/asset_prompt';
import { changeDraft } from '@/lib/draft';
import { useStudio } from '@/lib/hooks';
import { media } from '@/lib/media';
import { composer as words } from '@/lib/messages/composer';
import { sourceOf } from '@/lib/source';
import { stillOf } from '@/lib/still';
import { isVisible, type Studio } from '@/lib/studio';

const offeredMax = 24;
const assetsOf = (studio: Studio) => studio.assets;

const canStart = (asset: Asset): boolean =>
  media[asset.medium].isPicture && isVisible(asset) && asset.links.original !== undefined;

/** Says that pictures of one's own cannot be used yet, and offers those that were made here. */
export function OwnPicture({ onClose }: { onClose: () => void }) {
  const assets = useStudio(assetsOf);
  const pictures = useMemo(
    () =>
      Object.values(assets ?? {})
        .filter(canStart)
        .sort((one, other) => other.created_at.localeCompare(one.created_at))
        .slice(0, offeredMax),
    [assets],
  );
  const start = (asset: Asset) => {
    changeDraft({ source: sourceOf(asset) });
    onClose();
  };
  return (
    <Sheet
      open
      onOpenChange={onClose}
      title={words.ownTitle}
      footer={
        <div className="flex justify-end">
          <Button look={pictures.length === 0 ? 'primary' : 'secondary'} onClick={onClose}>
            {words.ownUnderstood}
          </Button>
        </div>
      }
    >
      {pictures.length > 0 && (
        <ul aria-label={words.madeHere} className="mb-4 grid grid-cols-3 gap-2 sm:grid-cols-4">
          {pictures.map((asset) => (
            <li key={asset.id}>
              <button
                type="button"
                aria-label={words.startFrom(promptOfAsset(asset))}
                onClick={() => start(asset)}
                className="block aspect-square w-full overflow-hidden rounded-md"
              >
                <img src={stillOf(asset)} alt="" loading="lazy" className="size-full object-cover" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <p className="mb-2">{words.ownHeld}</p>
      <p className="text-text-muted">{words.ownInstead}</p>
    </Sheet>
  );
}
