import { Check, ShieldAlert, Trash2, Undo2 } from 'lucide-react';
import { memo, useState, type KeyboardEvent } from 'react';
import type { Asset } from '@/api/types';
import { IconButton } from '@/components/button';
import { useAssetActions } from '@/lib/asset_actions';
import { cx } from '@/lib/class_names';
import { formatClock } from '@/lib/format';
import { rovingStop } from '@/lib/focus';
import { shortcutOf } from '@/lib/keys';
import { media } from '@/lib/media';
import { assets as words } from '@/lib/messages/assets';
import { stillOf } from '@/lib/still';
import { isVisible } from '@/lib/studio';
import { AssetMenu } from './asset_menu';
import { DaysMark } from './days_left';
import { HoverPreview, TilePicture } from './tile_picture';

interface AssetTileProps {
  asset: Asset;
  prompt: string;
  early?: boolean;
  onOpen: (assetId: string) => void;
}

/** What fills a tile once the picture or clip exists; the frame around it belongs to the grid. */
export const AssetTile = memo((props: AssetTileProps) =>
  isVisible(props.asset) ? <VisibleAsset {...props} /> : <HiddenAsset asset={props.asset} />,
);

function VisibleAsset({ asset, prompt, early = false, onOpen }: AssetTileProps) {
  const actions = useAssetActions();
  const [pointed, setPointed] = useState(false);
  const [menuOpen, setMenuOpen] = useState(false);
  const { name } = media[asset.medium];
  const pressed = (event: KeyboardEvent) => {
    const shortcut = shortcutOf(event.nativeEvent);
    if (shortcut === 'k' && asset.state === 'staging') void actions.keep(asset);
    if (shortcut === 'd' && asset.state !== 'discarded') void actions.discard(asset);
    if (shortcut === 'm' || shortcut === 'ContextMenu') {
      event.preventDefault();
      setMenuOpen(true);
    }
  };
  return (
    <div
      className="absolute inset-0"
      data-asset={asset.id}
      onPointerEnter={(event) => setPointed(event.pointerType === 'mouse')}
      onPointerLeave={() => setPointed(false)}
    >
      <button
        type="button"
        {...rovingStop}
        aria-label={words.open(name.toLowerCase(), prompt)}
        onClick={() => onOpen(asset.id)}
        onKeyDown={pressed}
        className="absolute inset-0 size-full focus-visible:-outline-offset-2"
      >
        {stillOf(asset) === undefined ? (
          <TileWords asset={asset} prompt={prompt} />
        ) : (
          <TilePicture asset={asset} alt="" early={early} />
        )}
        <HoverPreview asset={asset} active={pointed} />
      </button>
      <LengthMark asset={asset} />
      {asset.state === 'discarded' && <DaysMark asset={asset} />}
      <div
        className={cx(
          'absolute right-0.5 bottom-0.5 flex transition-opacity fine:opacity-0 fine:group-focus-within:opacity-100 fine:group-hover:opacity-100',
          menuOpen && 'fine:opacity-100',
        )}
      >
        <TileActions asset={asset} />
        <AssetMenu asset={asset} open={menuOpen} onOpenChange={setMenuOpen} />
      </div>
    </div>
  );
}

function TileActions({ asset }: { asset: Asset }) {
  const actions = useAssetActions();
  if (asset.state === 'discarded') {
    return (
      <IconButton
        label={words.restore}
        icon={Undo2}
        look="scrim"
        {...(isVisible(asset) ? { tabIndex: -1 } : rovingStop)}
        onClick={() => void actions.restore(asset)}
      />
    );
  }
  return (
    <>
      {asset.state === 'staging' && (
        <IconButton
          label={words.keep}
          icon={Check}
          look="scrim"
          tabIndex={-1}
          shortcut="k"
          onClick={() => void actions.keep(asset)}
        />
      )}
      <IconButton
        label={words.discard}
        hint={words.discardHint}
        icon={Trash2}
        look="scrim"
        tabIndex={-1}
        shortcut="d"
        onClick={() => void actions.discard(asset)}
      />
    </>
  );
}

/** What there is no picture of: its sign and its words. */
function TileWords({ asset, prompt }: { asset: Asset; prompt: string }) {
  const { mark: Mark } = media[asset.medium];
  return (
    <span className="absolute inset-0 flex flex-col items-center justify-center gap-3 p-4 text-text-muted">
      {Mark && <Mark aria-hidden className="size-10 shrink-0" />}
      <span dir="auto" className="line-clamp-3 text-sm">
        {prompt}
      </span>
    </span>
  );
}

/** That it lasts, and how long. */
function LengthMark({ asset }: { asset: Asset }) {
  const { name, mark: Mark } = media[asset.medium];
  if (Mark === undefined) return null;
  return (
    <span className="tabular pointer-events-none absolute top-2 left-2 flex items-center gap-1 rounded-sm bg-scrim px-1.5 py-0.5 text-xs text-on-scrim">
      <Mark aria-hidden className="size-3 fill-current" />
      {typeof asset.duration_ms === 'number' ? formatClock(asset.duration_ms / 1000) : name}
    </span>
  );
}

/** Held or stopped by the safety check: calm, with the reason, and a way to put it away. */
function HiddenAsset({ asset }: { asset: Asset }) {
  const actions = useAssetActions();
  const held = asset.verdict.decision === 'hold' || asset.verdict.decision === 'allow';
  return (
    <div
      data-held={asset.id}
      className="absolute inset-0 flex flex-col items-start justify-end gap-1 overflow-y-auto rounded-md border border-line p-3 text-sm"
    >
      <ShieldAlert aria-hidden className="mb-auto size-5 text-warn" />
      <p className={cx('font-semibold', asset.state === 'discarded' && 'mb-10')}>
        {held ? words.held : words.refused}
      </p>
      {asset.state !== 'discarded' && (
        <p className="text-xs text-text-muted">
          {asset.verdict.sentence ?? (held ? words.heldText : words.refusedText)}
        </p>
      )}
      {asset.state === 'discarded' && (
        <>
          <DaysMark asset={asset} />
          <div className="absolute right-0.5 bottom-0.5 flex">
            <TileActions asset={asset} />
            <AssetMenu asset={asset} />
          </div>
        </>
      )}
      {asset.state !== 'discarded' && (
        <IconButton
          label={words.remove}
          icon={Trash2}
          {...rovingStop}
          onKeyDown={(event) => {
            if (shortcutOf(event.nativeEvent) === 'd') void actions.discard(asset);
          }}
          className="absolute top-1 right-1"
          onClick={() => void actions.discard(asset)}
        />
      )}
    </div>
  );
}
