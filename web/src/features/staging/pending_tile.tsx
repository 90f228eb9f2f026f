import { promptOfGeneration } from '@/lib/generation_prompt';
import { X } from 'lucide-react';
import type { Generation, Progress } from '@/api/types';
import { IconButton } from '@/components/button';
import { ProgressRing } from '@/components/progress_ring';
import { useAssetActions } from '@/lib/asset_actions';
import { cancelingStore } from '@/lib/canceling';
import { rovingStop } from '@/lib/focus';
import { assets as words } from '@/lib/messages/assets';
import { isFinishing, making, phaseName, troubleOf, waitingLine } from '@/lib/messages/making';
import { staging } from '@/lib/messages/staging';
import { useStore } from '@/lib/store';

interface PendingTileProps {
  generation: Generation;
  position: number;
  /** This is the picture of the batch that is being made now. */
  current: boolean;
  /** One tile of the batch carries the button that cancels what is left of it. */
  first: boolean;
  /** How many pictures of the batch it stands for. */
  count: number;
}

/** Waiting is the product: the place in line, then the picture sharpening behind a thin ring. */
export function PendingTile({ generation, position, current, first, count }: PendingTileProps) {
  const actions = useAssetActions();
  const progress = generation.progress ?? null;
  const preview = current ? (progress?.preview_url ?? null) : null;
  const prompt = promptOfGeneration(generation);
  const canceling = useStore(cancelingStore).has(generation.id);
  return (
    <div
      className="absolute inset-0"
      data-generation={generation.id}
      data-position={position}
      data-phase={progress?.phase ?? generation.state}
    >
      {preview === null ? (
        <div className="shimmer absolute inset-0" />
      ) : (
        <img
          src={preview}
          alt=""
          decoding="async"
          data-preview
          className="absolute inset-0 size-full object-cover"
        />
      )}
      {first && !canceling && (
        <IconButton
          label={generation.batch > 1 ? words.cancelAllOf(prompt) : words.cancelOf(prompt)}
          icon={X}
          look="scrim"
          {...rovingStop}
          className="absolute top-0.5 right-0.5"
          onClick={() => actions.cancel(generation)}
        />
      )}
      {current && progress && (
        <div className="pointer-events-none absolute inset-0 grid place-items-center">
          <div className="relative grid place-items-center">
            <ProgressRing
              fraction={ofPicture(progress, generation.batch)}
              label={staging.progressOf(prompt)}
            />
            {!isFinishing(progress, generation.medium) && (
              <span className="tabular absolute text-xs text-on-scrim">
                {making.percent(ofPicture(progress, generation.batch))}
              </span>
            )}
          </div>
        </div>
      )}
      <CountMark count={count} />
      <Words generation={generation} progress={progress} current={current} canceling={canceling} />
    </div>
  );
}

function CountMark({ count }: { count: number }) {
  if (count === 1) return null;
  return (
    <span className="tabular absolute top-2 left-2 rounded-sm bg-scrim px-1.5 py-0.5 text-xs text-on-scrim">
      {making.pictures(count)}
    </span>
  );
}

/** A request on its way to the server has its place already. */
export function SendingTile({ count, silent }: { count: number; silent: boolean }) {
  return (
    <div className="absolute inset-0" data-sending>
      <div className="shimmer absolute inset-0" />
      <CountMark count={count} />
      <p className="absolute inset-x-0 bottom-0 bg-scrim px-2.5 py-1.5 text-xs text-on-scrim">
        {silent ? making.noAnswerYet : making.sending}
      </p>
    </div>
  );
}

/** The generation's progress as that of the one picture being made. */
function ofPicture(progress: Progress, batch: number): number {
  return Math.min(1, Math.max(0, progress.fraction * batch - progress.position));
}

function Words(props: {
  generation: Generation;
  progress: Progress | null;
  current: boolean;
  canceling: boolean;
}) {
  const { generation, progress, current } = props;
  const running = generation.state === 'running';
  const prompt = promptOfGeneration(generation);
  const line = props.canceling
    ? making.stopping
    : !running
      ? waitingLine(generation)
      : !current
        ? making.waitingForTurn
        : progress
          ? phaseName(progress, generation.medium)
          : making.starting;
  const trouble = props.canceling || (running && !current) ? null : troubleOf(progress);
  const left =
    trouble === null &&
    (current || !running) &&
    !props.canceling &&
    progress &&
    typeof progress.eta_ms === 'number' &&
    typeof progress.eta_high_ms === 'number'
      ? making.left(progress.eta_ms, progress.eta_high_ms)
      : null;
  return (
    <p className="tabular pointer-events-none absolute inset-x-0 bottom-0 flex flex-col bg-scrim px-2.5 py-1.5 text-xs text-on-scrim">
      {!running && prompt !== '' && (
        <span dir="auto" className="truncate">
          {prompt}
        </span>
      )}
      <span className="truncate">{line}</span>
      {trouble !== null && <span className="truncate">{trouble}</span>}
      {left !== null && <span className="truncate opacity-80">{left}</span>}
    </p>
  );
}
