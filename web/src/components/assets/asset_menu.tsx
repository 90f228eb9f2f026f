import {
  Clapperboard,
  Copy,
  Download,
  Ellipsis,
  ImagePlus,
  ListChecks,
  Shuffle,
  Sprout,
  Trash2,
  Type,
} from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/button';
import { Menu, MenuItem, MenuLine, MenuLink } from '@/components/menu';
import type { Asset } from '@/api/types';
import { copyText } from '@/lib/clipboard';
import { media } from '@/lib/media';
import { assets as words } from '@/lib/messages/assets';
import { useReuse } from '@/lib/reuse';
import { DeleteForGood } from './delete_for_good';

interface AssetMenuProps {
  asset: Asset;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  look?: 'ghost' | 'scrim';
  /** It is being deleted for good; what this is given says whether that was done. */
  onDelete?: (done: Promise<boolean>) => void;
}

export function AssetMenu({ onDelete, ...menu }: AssetMenuProps) {
  const [deleting, setDeleting] = useState(false);
  const { asset } = menu;
  if (asset.state !== 'discarded') return <Items {...menu} />;
  return (
    <>
      <Items {...menu} onAskDelete={() => setDeleting(true)} />
      {deleting && (
        <DeleteForGood asset={asset} onOpenChange={setDeleting} {...(onDelete ? { onDelete } : {})} />
      )}
    </>
  );
}

function Items(props: Omit<AssetMenuProps, 'onDelete'> & { onAskDelete?: () => void }) {
  const { asset, open, onOpenChange, look = 'scrim', onAskDelete } = props;
  const { settings, source } = useReuse();
  const { links, seed } = asset;
  return (
    <Menu
      label={words.more}
      align="end"
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange ? { onOpenChange } : {})}
      trigger={
        <IconButton label={words.more} icon={Ellipsis} look={look} tabIndex={look === 'scrim' ? -1 : 0} />
      }
    >
      {asset.generation_id !== null && (
        <>
          <MenuItem icon={ListChecks} about={words.useAllAbout} onSelect={() => void settings(asset, 'all')}>
            {words.useAll}
          </MenuItem>
          <MenuItem icon={Shuffle} about={words.remixAbout} onSelect={() => void settings(asset, 'remix')}>
            {words.remix}
          </MenuItem>
          <MenuItem icon={Type} onSelect={() => void settings(asset, 'prompt')}>
            {words.promptOnly}
          </MenuItem>
          <MenuItem icon={Sprout} onSelect={() => void settings(asset, 'seed')}>
            {words.seedOnly}
          </MenuItem>
          <MenuLine />
        </>
      )}
      {media[asset.medium].isPicture && links.original !== undefined && (
        <>
          <MenuItem icon={ImagePlus} onSelect={() => void source(asset, 'image')}>
            {words.startFrom}
          </MenuItem>
          <MenuItem icon={Clapperboard} onSelect={() => void source(asset, 'video')}>
            {words.makeClip}
          </MenuItem>
        </>
      )}
      {seed !== null && seed !== undefined && (
        <MenuItem icon={Copy} onSelect={() => void copyText(String(seed))}>
          {words.copySeed}
        </MenuItem>
      )}
      {links.download !== undefined && (
        <MenuLink icon={Download} href={links.download}>
          {words.download}
        </MenuLink>
      )}
      {onAskDelete && (
        <>
          <MenuLine />
          <MenuItem icon={Trash2} onSelect={onAskDelete}>
            {words.deleteForGood}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
