import { useQueryClient } from '@tanstack/react-query';
import { WifiOff } from 'lucide-react';
import { memo, useEffect, useMemo, useState } from 'react';
import type { Asset } from '@/api/types';
import { AssetTile } from '@/components/assets/asset_tile';
import { TileFrame } from '@/components/assets/tile_frame';
import { Viewer } from '@/components/assets/viewer';
import { Button } from '@/components/button';
import { Chips, EmptyState } from '@/components/states';
import { tileAspect } from '@/lib/aspect';
import { promptOfAsset } from '@/lib/asset_prompt';
import { cx } from '@/lib/class_names';
import { draftStore, kindOf } from '@/lib/draft';
import { replaceDraft } from '@/lib/draft_history';
import { firstPictures } from '@/lib/first_screen';
import { gridHelpId, useKinds, useRoving, useStudio } from '@/lib/hooks';
import { lastShapes, noteShapes, shapesMax } from '@/lib/last_shapes';
import { useLightbox } from '@/lib/lightbox';
import { connection } from '@/lib/live';
import { common, errorText } from '@/lib/messages/common';
import { staging as words } from '@/lib/messages/staging';
import { outgoingStore } from '@/lib/outgoing';
import { readOlder } from '@/lib/older';
import { puttingAway } from '@/lib/put_away';
import { focusPrompt } from '@/lib/reuse';
import { isSameGroup } from '@/lib/runs';
import { useStore } from '@/lib/store';
import { emptyStudio, isVisible, type Studio } from '@/lib/studio';
import { stagingTiles, type Tile } from '@/lib/tiles';
import { toast } from '@/lib/toasts';
import { ArrivalsChip } from './arrivals_chip';
import { FailedTile } from './failed_tile';
import { heldWork, isHidden } from './held';
import { HeldBar } from './held_bar';
import { PendingTile, SendingTile } from './pending_tile';
import { RunGroup } from './run_group';
import { UnsentTile } from './unsent_tile';
import { troubleFrame } from './trouble_tile';
import { useArrivals } from './use_arrivals';

const whole = (studio: Studio) => studio;
/** So many that are not shown stand beside the others; more are one bar. */
const hiddenTilesMax = 1;
/** More than any screen shows at once. */
const enough = 24;

const noIds: ReadonlySet<string> = new Set();

const isHiddenTile = (tile: Tile): boolean => tile.kind === 'asset' && isHidden(tile.asset);

export function StagingGrid() {
  const studio = useStudio(whole);
  const away = useStore(puttingAway);
  const outgoing = useStore(outgoingStore);
  const [showsHidden, setShowsHidden] = useState(false);
  const tiles = useMemo(
    () => (studio ? stagingTiles(studio, away, outgoing) : null),
    [studio, away, outgoing],
  );
  const hidden = useMemo(() => Object.values(studio?.assets ?? {}).filter(isHidden), [studio?.assets]);
  const { openId, open, close } = useLightbox();
  const isWorking = useStore(heldWork) !== null;
  const isFolded = hidden.length > hiddenTilesMax || isWorking;
  const arrived = useArrivals(
    studio,
    isFolded && !showsHidden ? (tiles?.filter((tile) => !isHiddenTile(tile)) ?? null) : tiles,
  );
  const cursor = studio?.stagingCursor ?? null;
  useEnough(cursor, arrived?.shown.length ?? 0);
  if (!arrived) return <NothingRead />;
  return (
    <>
      {isFolded && (
        <HeldBar
          hidden={hidden}
          more={cursor !== null}
          open={showsHidden}
          onOpen={(open) => {
            setShowsHidden(open);
            // Those may be newer than what is looked at, and are asked for here.
            if (open) arrived.letIn();
          }}
        />
      )}
      <Viewer
        assets={arrived.shown.flatMap(assetsOf).filter(isVisible)}
        openId={openId}
        onOpen={open}
        onClose={close}
      />
      <Grid {...arrived} onOpen={open} />
      <Older cursor={cursor} />
    </>
  );
}

/** Where most of a page is not shown, the ones behind it are read without being asked for. */
function useEnough(cursor: string | null, shown: number): void {
  const cache = useQueryClient();
  useEffect(() => {
    // What fails here can be asked for by the button.
    if (cursor !== null && shown < enough) readOlder(cache).catch(() => undefined);
  }, [cache, cursor, shown]);
}

function Grid(props: NonNullable<ReturnType<typeof useArrivals>> & { onOpen: (assetId: string) => void }) {
  const { shown, held, letIn } = props;
  useEffect(() => noteShapes(shown.map(aspectOf)), [shown]);
  const roving = useRoving();
  if (shown.length === 0) return <Empty />;
  return (
    <>
      <ArrivalsChip count={held} onShow={letIn} />
      <p id={gridHelpId} className="sr-only">
        {common.gridHelp}
      </p>
      <ul
        ref={roving}
        aria-label={words.grid}
        aria-describedby={gridHelpId}
        className="justified px-3 pb-4 sm:px-6"
      >
        {shown.map((tile, index) => (
          <TileView key={tile.key} tile={tile} early={index < firstPictures} onOpen={props.onOpen} />
        ))}
      </ul>
    </>
  );
}

function assetsOf(tile: Tile): readonly Asset[] {
  if (tile.kind === 'run') return [...(tile.group.picture ? [tile.group.picture] : []), ...tile.group.drafts];
  return tile.kind === 'asset' ? [tile.asset] : [];
}

function aspectOf(tile: Tile): number {
  if (tile.kind === 'failed' || tile.kind === 'unsent' || tile.kind === 'run') return 1;
  if (tile.kind === 'sending') return tileAspect(tile.outgoing.body);
  return tileAspect(tile.kind === 'asset' ? tile.asset : tile.generation.settings);
}

interface TileViewProps {
  tile: Tile;
  /** Only its first value counts: when its picture was fetched. */
  early: boolean;
  onOpen: (id: string) => void;
}

const TileView = memo(
  function TileView({ tile, early, onOpen }: TileViewProps) {
    if (tile.kind === 'run') {
      return (
        <li className="min-w-0 basis-full">
          <RunGroup group={tile.group} onOpen={onOpen} />
        </li>
      );
    }
    return (
      <TileFrame
        aspect={aspectOf(tile)}
        className={cx((tile.kind === 'failed' || tile.kind === 'unsent') && troubleFrame)}
      >
        {tile.kind === 'asset' && (
          <AssetTile asset={tile.asset} prompt={promptOfAsset(tile.asset)} early={early} onOpen={onOpen} />
        )}
        {tile.kind === 'pending' && (
          <PendingTile
            generation={tile.generation}
            position={tile.position}
            current={tile.current}
            first={tile.first}
            count={tile.count}
          />
        )}
        {tile.kind === 'sending' && <SendingTile count={tile.count} silent={tile.outgoing.silent} />}
        {tile.kind === 'unsent' && <UnsentTile outgoing={tile.outgoing} notSent={tile.notSent} />}
        {tile.kind === 'failed' && <FailedTile generation={tile.generation} />}
      </TileFrame>
    );
  },
  (before, after) => before.onOpen === after.onOpen && isDrawnAlike(before.tile, after.tile),
);

function isDrawnAlike(one: Tile, other: Tile): boolean {
  if (one.kind === 'run') return other.kind === 'run' && isSameGroup(one.group, other.group);
  if (one.kind === 'unsent') return other.kind === 'unsent' && one.outgoing === other.outgoing;
  if (one.kind === 'sending') {
    return other.kind === 'sending' && one.outgoing === other.outgoing && one.count === other.count;
  }
  if (other.kind !== one.kind || one.generation !== other.generation) return false;
  if (one.kind === 'asset') return other.kind === 'asset' && one.asset === other.asset;
  if (one.kind === 'failed') return true;
  return (
    other.kind === 'pending' &&
    one.current === other.current &&
    one.first === other.first &&
    one.count === other.count
  );
}

function Older({ cursor }: { cursor: string | null }) {
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  if (cursor === null) return null;
  const read = async () => {
    setBusy(true);
    try {
      await readOlder(cache);
    } catch (error) {
      toast(errorText(error), { tone: 'danger' });
    }
    setBusy(false);
  };
  return (
    <div className="flex justify-center pb-6">
      <Button disabled={busy} onClick={() => void read()}>
        {common.showMore}
      </Button>
    </div>
  );
}

const openNothing = () => undefined;

/** Before the studio has told of anything: what this page knows itself, and what is to come, or why it does not. */
function NothingRead() {
  const outgoing = useStore(outgoingStore);
  const isAway = useStore(connection).state === 'lost';
  const roving = useRoving();
  // What comes mostly lies where it was; squares, as most pictures are, where nobody has looked before.
  const [shapes] = useState(() => lastShapes() ?? Array.from({ length: shapesMax }, () => 1));
  const tiles = stagingTiles(emptyStudio, noIds, outgoing);
  return (
    <>
      {tiles.length > 0 && (
        <ul ref={roving} aria-label={words.unsentGrid} className="justified px-3 pb-2 sm:px-6 sm:pb-3">
          {tiles.map((tile) => (
            <TileView key={tile.key} tile={tile} early={false} onOpen={openNothing} />
          ))}
        </ul>
      )}
      {isAway ? (
        <EmptyState icon={WifiOff} title={words.awayTitle} text={words.awayText} />
      ) : (
        <ul aria-label={common.loading} className="justified px-3 sm:px-6">
          {shapes.map((aspect, index) => (
            <TileFrame key={index} aspect={aspect}>
              <div className="shimmer absolute inset-0" />
            </TileFrame>
          ))}
        </ul>
      )}
    </>
  );
}

const examplesMax = 3;

function Empty() {
  const { kinds } = useKinds();
  const draft = useStore(draftStore);
  const kind = kindOf(draft, kinds);
  const examples = kind?.example_prompts?.slice(0, examplesMax) ?? [];
  const fill = (prompt: string) => {
    replaceDraft((now) => ({ ...now, prompt }));
    focusPrompt();
  };
  return (
    <EmptyState title={words.emptyTitle} text={words.emptyText}>
      <Chips choices={examples} label={words.useExample} onChoose={fill} />
      {kind?.prompt_hint && (
        <p className="mt-4 text-sm text-text-muted">
          <span className="font-semibold text-text">{words.understands}: </span>
          {kind.prompt_hint}
        </p>
      )}
    </EmptyState>
  );
}
