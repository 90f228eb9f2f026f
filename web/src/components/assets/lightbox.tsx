import { Check, ChevronLeft, ChevronRight, Info, Trash2, Undo2, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Asset } from '@/api/types';
import { Button, IconButton } from '@/components/button';
import { DialogLayer } from '@/components/layers';
import { ToastSlot } from '@/components/toasts';
import { useAssetActions } from '@/lib/asset_actions';
import { cx } from '@/lib/class_names';
import { giveFocusBack, stopSelector } from '@/lib/focus';
import { useDesktop, useShortcuts, useStudio } from '@/lib/hooks';
import { assets as words } from '@/lib/messages/assets';
import { common } from '@/lib/messages/common';
import { runs } from '@/lib/messages/runs';
import { useReuse } from '@/lib/reuse';
import { useRunActions } from '@/lib/run_actions';
import { choiceOf } from '@/lib/runs';
import { stillOf } from '@/lib/still';
import type { Studio } from '@/lib/studio';
import { AssetMenu } from './asset_menu';
import { DeleteForGood } from './delete_for_good';
import { InfoPanel } from './info_panel';
import { Stage } from './stage';

interface LightboxProps {
  /** What the arrow keys walk through. */
  assets: readonly Asset[];
  openId: string;
  promptOf: (asset: Asset) => string;
  onOpen: (assetId: string) => void;
  onClose: () => void;
}

export function Lightbox({ assets, openId, promptOf, onOpen, onClose }: LightboxProps) {
  const desktop = useDesktop();
  const [info, setInfo] = useState(desktop);
  const index = assets.findIndex((asset) => asset.id === openId);
  const asset = assets[index];
  const step = (by: -1 | 1) => {
    const next = assets[index + by];
    if (next) onOpen(next.id);
    return next !== undefined;
  };
  const latest = useRef<string | null>(null);
  useEffect(() => {
    latest.current = openId;
    return () => {
      latest.current = null;
    };
  }, [openId]);
  if (!asset) return null;
  const steps = { at: index, of: assets.length, onStep: step };
  const prompt = promptOf(asset);
  /** Goes on at once, and comes back if it was not done and nobody has gone elsewhere meanwhile. */
  const leave = (done: Promise<boolean>) => {
    const next = assets[index + 1] ?? assets[index - 1];
    if (next) onOpen(next.id);
    else onClose();
    void done.then((isDone) => {
      if (!isDone && next && latest.current === next.id) onOpen(asset.id);
    });
  };
  return (
    <Dialog.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Content
          aria-describedby={undefined}
          data-theme="dark"
          tabIndex={-1}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
          }}
          onCloseAutoFocus={(event) =>
            giveFocusBack(event, document.querySelector(`[data-asset="${openId}"] ${stopSelector}`))
          }
          className="lightbox animate-appear fixed inset-0 z-40 flex flex-col bg-darkroom text-text focus:outline-none rail:flex-row"
        >
          <DialogLayer>
            <Keys
              asset={asset}
              onStep={step}
              onInfo={() => setInfo(!info)}
              onLeave={leave}
              onClose={onClose}
            />
            <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
              <TopBar
                asset={asset}
                title={prompt === '' ? words.viewer : prompt}
                at={index + 1}
                of={assets.length}
                info={info}
                onInfo={() => setInfo(!info)}
                onLeave={leave}
                onClose={onClose}
              />
              <div className="relative min-h-0 flex-1 rail:px-14">
                <Stage
                  key={asset.id}
                  asset={asset}
                  near={[assets[index + 1], assets[index - 1]]}
                  alt={prompt}
                  onStep={step}
                  onClose={onClose}
                />
                <ToastSlot layer="dialog" className="absolute inset-x-0 bottom-0" />
                <StepButton place="beside" by={-1} {...steps} />
                <StepButton place="beside" by={1} {...steps} />
              </div>
              <div className="flex items-center rail:block">
                <StepButton place="below" by={-1} {...steps} />
                <Filmstrip assets={assets} current={asset} onOpen={onOpen} />
                <StepButton place="below" by={1} {...steps} />
              </div>
            </div>
            {info && (
              <section
                aria-label={words.info}
                className="animate-rise max-h-[45dvh] overflow-y-auto border-t border-line bg-surface-raised p-4 rail:animate-slide-in rail:max-h-none rail:w-90 rail:max-w-1/2 rail:border-t-0 rail:border-l"
              >
                <h2 className="mb-3 text-base font-semibold">{words.info}</h2>
                <InfoPanel asset={asset} />
              </section>
            )}
          </DialogLayer>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Chooses this draft and goes back to where the choice is shown; null where none is waited for. */
function useChoice(asset: Asset, onClose: () => void): (() => void) | null {
  const select = useCallback((studio: Studio) => choiceOf(studio, asset), [asset]);
  const run = useStudio(select);
  const { choose } = useRunActions();
  if (!run) return null;
  return () => {
    choose(run, asset);
    onClose();
  };
}

function Keys(props: {
  asset: Asset;
  onStep: (by: -1 | 1) => boolean;
  onInfo: () => void;
  onLeave: (done: Promise<boolean>) => void;
  onClose: () => void;
}) {
  const { asset } = props;
  const actions = useAssetActions();
  const { settings } = useReuse();
  const choose = useChoice(asset, props.onClose);
  useShortcuts({
    ArrowLeft: () => props.onStep(-1),
    ArrowRight: () => props.onStep(1),
    i: props.onInfo,
    k: () => {
      if (asset.state !== 'staging') return;
      props.onLeave(actions.keep(asset));
    },
    d: () => {
      if (asset.state === 'discarded') return;
      props.onLeave(actions.discard(asset));
    },
    c: () => choose?.(),
    a: () => void settings(asset, 'all'),
    r: () => void settings(asset, 'remix'),
    p: () => void settings(asset, 'prompt'),
    s: () => void settings(asset, 'seed'),
  });
  return null;
}

function TopBar(props: {
  asset: Asset;
  title: string;
  at: number;
  of: number;
  info: boolean;
  onInfo: () => void;
  onLeave: (done: Promise<boolean>) => void;
  onClose: () => void;
}) {
  const { asset } = props;
  const actions = useAssetActions();
  const choose = useChoice(asset, props.onClose);
  const [deleting, setDeleting] = useState(false);
  const then = (act: (asset: Asset) => Promise<boolean>) => () => props.onLeave(act(asset));
  return (
    <div className="flex items-center gap-1 p-1.5 lg:gap-2 lg:px-4">
      <Dialog.Close asChild>
        <IconButton label={common.close} icon={X} shortcut="Esc" />
      </Dialog.Close>
      <Dialog.Title className="min-w-0 flex-1 truncate text-sm font-normal text-text-muted">
        <span className="tabular mr-2 text-text">{words.position(props.at, props.of)}</span>
        <span className="max-sm:sr-only">{props.title}</span>
      </Dialog.Title>
      {choose && (
        <Button look="primary" icon={Check} aria-label={runs.choose} className="max-sm:px-3" onClick={choose}>
          <span className="sm:hidden">{runs.chooseShort}</span>
          <span className="max-sm:hidden">{runs.choose}</span>
        </Button>
      )}
      {asset.state === 'staging' && !choose && (
        <Button look="primary" icon={Check} className="max-sm:px-3" onClick={then(actions.keep)}>
          {words.keep}
        </Button>
      )}
      {asset.state === 'discarded' ? (
        <>
          <Button icon={Undo2} onClick={then(actions.restore)}>
            {words.restore}
          </Button>
          <IconButton
            label={words.deleteForGood}
            icon={Trash2}
            className="max-sm:hidden"
            onClick={() => setDeleting(true)}
          />
          {deleting && <DeleteForGood asset={asset} onOpenChange={setDeleting} onDelete={props.onLeave} />}
        </>
      ) : (
        <IconButton
          label={words.discard}
          hint={words.discardHint}
          icon={Trash2}
          shortcut="d"
          onClick={then(actions.discard)}
        />
      )}
      <IconButton
        label={props.info ? words.hideInfo : words.info}
        icon={Info}
        shortcut="i"
        aria-pressed={props.info}
        className={cx(props.info && 'text-accent')}
        onClick={props.onInfo}
      />
      <AssetMenu asset={asset} look="ghost" onDelete={props.onLeave} />
    </div>
  );
}

/**
 * To the neighbour, for who does not swipe: beside the picture where there is room, else below it. At the end it stays, so
 * that nothing moves and the focus has somewhere to be.
 */
function StepButton(props: {
  place: 'beside' | 'below';
  by: -1 | 1;
  at: number;
  of: number;
  onStep: (by: -1 | 1) => boolean;
}) {
  const { by, at, of } = props;
  const left = by < 0;
  if (of < 2) return null;
  return (
    <div
      className={cx(
        props.place === 'below' && 'px-2 py-1.5 rail:hidden',
        props.place === 'beside' && 'absolute inset-y-0 hidden items-center rail:flex',
        props.place === 'beside' && (left ? 'left-2' : 'right-2'),
      )}
    >
      <IconButton
        label={left ? words.previous : words.next}
        icon={left ? ChevronLeft : ChevronRight}
        shortcut={left ? '←' : '→'}
        aria-disabled={at + by < 0 || at + by >= of}
        onClick={() => props.onStep(by)}
        className={cx(
          'aria-disabled:opacity-30',
          // On its own below a dark picture it is seen by its edge.
          props.place === 'below' && 'rounded-full border border-line-strong bg-surface-raised',
        )}
      />
    </div>
  );
}

/** Keeps the current one of a long batch in sight. */
const showCurrent = (button: HTMLElement | null) =>
  button?.scrollIntoView({ block: 'nearest', inline: 'nearest' });

function Filmstrip(props: { assets: readonly Asset[]; current: Asset; onOpen: (id: string) => void }) {
  const { current } = props;
  const siblings =
    current.generation_id === null
      ? []
      : props.assets.filter((asset) => asset.generation_id === current.generation_id);
  if (siblings.length < 2) return <div className="h-2 flex-1 lg:h-4" />;
  return (
    <ul
      aria-label={words.filmstrip}
      className="flex min-w-0 flex-1 justify-center-safe gap-2 overflow-x-auto p-3"
    >
      {siblings.map((asset, index) => (
        <li key={asset.id} className="shrink-0">
          <button
            ref={asset.id === current.id ? showCurrent : null}
            type="button"
            aria-label={words.position(index + 1, siblings.length)}
            aria-current={asset.id === current.id}
            onClick={() => props.onOpen(asset.id)}
            className="block size-12 overflow-hidden rounded-sm opacity-60 transition-opacity hover:opacity-100 aria-[current=true]:opacity-100 aria-[current=true]:ring-2 aria-[current=true]:ring-accent lg:size-14"
          >
            <img src={stillOf(asset)} alt="" className="size-full object-cover" />
          </button>
        </li>
      ))}
    </ul>
  );
}
