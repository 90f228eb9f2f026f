import { Check, Trash2, X } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import type { Asset, Generation } from '@/api/types';
import { AssetTile } from '@/components/assets/asset_tile';
import { Button } from '@/components/button';
import { tileAspect } from '@/lib/aspect';
import { useAssetActions } from '@/lib/asset_actions';
import { promptOfAsset } from '@/lib/asset_prompt';
import { cx } from '@/lib/class_names';
import { contentId, requestFocus } from '@/lib/focus';
import { making } from '@/lib/messages/making';
import { runs as words } from '@/lib/messages/runs';
import { decidingStore, useRunActions } from '@/lib/run_actions';
import { canBeChosen, creditsToCome, isEnlarging, type RunGroup as Group } from '@/lib/runs';
import { useStore } from '@/lib/store';
import { PendingTile } from './pending_tile';

interface RunGroupProps {
  group: Group;
  onOpen: (assetId: string) => void;
}

/** Drafts side by side, the choice among them, and what becomes of the one that is chosen: one thing from beginning to end. */
export function RunGroup({ group, onOpen }: RunGroupProps) {
  const headingId = useId();
  const deciding = useStore(decidingStore).get(group.run.id);
  return (
    <div
      role="group"
      aria-label={words.group(group.prompt)}
      data-run={group.run.id}
      data-phase={group.phase}
      className="rounded-lg border border-line p-2 sm:p-3"
    >
      <Heading group={group} id={headingId} stopping={deciding === null} />
      <ul
        aria-label={words.drafts}
        className="grid grid-cols-[repeat(auto-fill,minmax(min(8.75rem,100%),1fr))] gap-2 sm:grid-cols-[repeat(auto-fill,minmax(10rem,13rem))] sm:gap-3"
      >
        <InFull group={group} onOpen={onOpen} />
        <Drafts group={group} chosen={deciding ?? group.chosen} headingId={headingId} onOpen={onOpen} />
      </ul>
    </div>
  );
}

function countOf({ draft, drafts, toCome }: Group): number {
  return draft.generation?.batch ?? drafts.length + toCome.length;
}

function sentences(group: Group): { title: string; about: string } {
  switch (group.phase) {
    case 'drafting':
      return { title: words.drafting(countOf(group)), about: words.draftingAbout };
    case 'choosing':
      return {
        title: words.choosing(countOf(group)),
        about: group.drafts.some(canBeChosen) ? words.choosingAbout(creditsToCome(group)) : words.noneLeft,
      };
    case 'making':
      return isEnlarging(group)
        ? { title: words.enlarging, about: words.enlargingAbout }
        : { title: words.making, about: words.makingAbout };
    default:
      return { title: words.done, about: words.doneAbout(group.drafts.length) };
  }
}

function Heading({ group, id, stopping }: { group: Group; id: string; stopping: boolean }) {
  const { title, about } = sentences(group);
  return (
    <div className="mb-2 pl-1 sm:mb-3">
      <div className="flex min-h-11 items-center justify-between gap-2">
        <h2 id={id} tabIndex={-1} className="min-w-0 text-base font-semibold focus:outline-none">
          {title}
        </h2>
        {group.phase === 'done' ? (
          <DiscardDrafts group={group} />
        ) : (
          <StopButton group={group} stopping={stopping} />
        )}
      </div>
      <p className="text-sm text-text-muted">{about}</p>
      {group.prompt !== '' && (
        <p dir="auto" className="truncate text-sm">
          {group.prompt}
        </p>
      )}
    </div>
  );
}

function StopButton({ group, stopping }: { group: Group; stopping: boolean }) {
  const { stop } = useRunActions();
  const label = group.phase === 'choosing' ? words.none : words.cancel;
  return (
    <Button
      icon={X}
      aria-disabled={stopping}
      className="shrink-0 max-sm:px-3"
      onClick={() => {
        if (stopping) return;
        stop(group);
        requestFocus(contentId);
      }}
    >
      {stopping ? making.stopping : label}
    </Button>
  );
}

/** As if each were discarded by hand: one Undo brings all of them back. */
function DiscardDrafts({ group }: { group: Group }) {
  const { discard } = useAssetActions();
  return (
    <Button
      icon={Trash2}
      className="shrink-0 max-sm:px-3"
      onClick={() => {
        for (const draft of group.drafts) void discard(draft);
        requestFocus(contentId);
      }}
    >
      {words.discardDrafts(group.drafts.length)}
    </Button>
  );
}

/** Twice as large as drafts, and before them: the picture in full quality, and what it becomes. */
function InFull({ group, onOpen }: RunGroupProps) {
  const { full, enlarged, picture, large, phase } = group;
  const making = phase !== 'making' ? null : isEnlarging(group) ? enlarged : full;
  const made = [large, picture].filter((asset) => asset !== null);
  return (
    <>
      {making?.generation && <InTheMaking generation={making.generation} />}
      {made.map((asset) => (
        <Place key={asset.id} aspect={tileAspect(asset)} className={twiceAsLarge}>
          <AssetTile asset={asset} prompt={promptOfAsset(asset)} early onOpen={onOpen} />
        </Place>
      ))}
    </>
  );
}

const twiceAsLarge = 'col-span-2 row-span-2';

function InTheMaking({ generation }: { generation: Generation }) {
  return (
    <Place aspect={tileAspect(generation.settings)} className={twiceAsLarge}>
      <PendingTile
        generation={generation}
        position={0}
        current={generation.state === 'running'}
        first={false}
        count={1}
      />
    </Place>
  );
}

function Place(props: { aspect: number; className?: string; children: ReactNode; below?: ReactNode }) {
  return (
    <li className={cx('flex min-w-0 flex-col gap-2', props.className)}>
      <div
        style={{ aspectRatio: props.aspect }}
        className="group relative isolate overflow-hidden rounded-md bg-surface-raised"
      >
        {props.children}
      </div>
      {props.below}
    </li>
  );
}

interface DraftsProps extends RunGroupProps {
  chosen: string | null;
  headingId: string;
}

function Drafts({ group, chosen, headingId, onOpen }: DraftsProps) {
  const { drafts, toCome, draft, phase } = group;
  const { generation } = draft;
  const count = countOf(group);
  return (
    <>
      {drafts.map((asset) => (
        <Place
          key={asset.id}
          aspect={tileAspect(asset)}
          below={
            phase === 'choosing' && canBeChosen(asset) ? (
              <ChooseButton
                group={group}
                asset={asset}
                of={count}
                busy={chosen !== null}
                headingId={headingId}
              />
            ) : null
          }
        >
          <AssetTile asset={asset} prompt={promptOfAsset(asset)} early onOpen={onOpen} />
          {asset.id === chosen && <ChosenMark />}
        </Place>
      ))}
      {generation &&
        toCome.map((position) => (
          <Place key={position} aspect={tileAspect(generation.settings)}>
            <PendingTile
              generation={generation}
              position={position}
              current={generation.state === 'running' && (generation.progress?.position ?? 0) === position}
              first={false}
              count={1}
            />
          </Place>
        ))}
    </>
  );
}

function ChosenMark() {
  return (
    <span className="pointer-events-none absolute top-2 left-2 flex items-center gap-1 rounded-sm bg-accent px-1.5 py-0.5 text-xs font-semibold text-on-accent">
      <Check aria-hidden className="size-3.5" />
      {words.chosen}
    </span>
  );
}

function ChooseButton(props: { group: Group; asset: Asset; of: number; busy: boolean; headingId: string }) {
  const { group, asset, busy } = props;
  const { choose } = useRunActions();
  return (
    <Button
      aria-label={words.chooseDraft(asset.position + 1, props.of)}
      aria-disabled={busy}
      className="px-2"
      onClick={() => {
        if (busy) return;
        choose(group.run, asset);
        requestFocus(props.headingId);
      }}
    >
      {words.choose}
    </Button>
  );
}
