import { ArrowDown, ArrowUp, ChevronsUp, Pause, Pencil, Play, X } from 'lucide-react';
import { useCallback, useId, useState } from 'react';
import type { Generation } from '@/api/types';
import { Button, IconButton } from '@/components/button';
import { Sheet } from '@/components/sheet';
import { Notice } from '@/components/states';
import { useAssetActions } from '@/lib/asset_actions';
import { cancelingStore } from '@/lib/canceling';
import { useStudio } from '@/lib/hooks';
import { errands } from '@/lib/messages/errands';
import { promptOfGeneration } from '@/lib/generation_prompt';
import { kindNames, making, phaseName, troubleOf, waitingLine } from '@/lib/messages/making';
import { queue as words } from '@/lib/messages/queue';
import { runs } from '@/lib/messages/runs';
import { moveOf, ownQueue } from '@/lib/own_queue';
import { groupOfRun, runOfStep } from '@/lib/runs';
import { useStore } from '@/lib/store';
import type { Studio } from '@/lib/studio';
import { worthKnowingStore } from '@/lib/worth_knowing';
import { useQueueActions } from './queue_actions';

/** One's own queue: what runs, what waits in which order, and what is paused. */
export function QueuePanel({ onClose }: { onClose: () => void }) {
  const queue = useStudio(ownQueue) ?? [];
  const [editing, setEditing] = useState<string | null>(null);
  const leaveEdit = () => {
    setEditing(null);
    return editing !== null;
  };
  return (
    <Sheet open onOpenChange={onClose} onEscape={leaveEdit} title={words.title} about={words.about}>
      {queue.length === 0 && <p className="py-6 text-center text-text-muted">{words.empty}</p>}
      <ul aria-label={words.list} className="divide-y divide-line">
        {queue.map((generation) => (
          <li key={generation.id} data-queued={generation.id} className="py-3">
            {editing === generation.id && generation.state === 'queued' ? (
              <PromptEditor generation={generation} onDone={() => setEditing(null)} />
            ) : (
              <Row generation={generation} queue={queue} onEdit={() => setEditing(generation.id)} />
            )}
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

/** What a step of a run waits for that is not in line yet. */
function useWaitsFor(generation: Generation): string | null {
  const { id, state } = generation;
  const select = useCallback(
    (studio: Studio) => {
      const run = state === 'scheduled' ? runOfStep(studio, id) : undefined;
      const phase = run && groupOfRun(studio, run)?.phase;
      if (phase === 'drafting') return runs.waitsForDrafts;
      return phase === 'choosing' ? runs.waitsForYou : null;
    },
    [id, state],
  );
  return useStudio(select);
}

function standing(generation: Generation): string {
  const { progress } = generation;
  if (generation.paused) return words.paused;
  const line =
    generation.state === 'running'
      ? progress
        ? phaseName(progress, generation.medium)
        : words.running
      : waitingLine(generation);
  const trouble = troubleOf(progress ?? null);
  if (trouble !== null) return `${line} · ${trouble}`;
  return typeof progress?.eta_ms === 'number' && typeof progress.eta_high_ms === 'number'
    ? `${line} · ${making.left(progress.eta_ms, progress.eta_high_ms)}`
    : line;
}

function Row(props: { generation: Generation; queue: readonly Generation[]; onEdit: () => void }) {
  const { generation, queue } = props;
  const actions = useAssetActions();
  const inQueue = useQueueActions();
  const canceling = useStore(cancelingStore).has(generation.id);
  const waitsFor = useWaitsFor(generation);
  const prompt = promptOfGeneration(generation);
  const cancelButton = (
    <IconButton
      label={words.cancel(prompt)}
      icon={X}
      className="ml-auto"
      disabled={canceling}
      onClick={() => actions.cancel(generation)}
    />
  );
  const about = (
    <div className="min-w-0 flex-1">
      <p dir="auto" className="line-clamp-2 break-words">
        {prompt}
      </p>
      <p className="tabular text-sm text-text-muted">
        {kindNames[generation.kind].name} · {canceling ? making.stopping : (waitsFor ?? standing(generation))}
      </p>
    </div>
  );
  if (generation.state !== 'queued') {
    return (
      <div className="-mr-2 flex items-start">
        {about}
        {cancelButton}
      </div>
    );
  }
  return (
    <>
      {about}
      <div className="-mx-2 flex flex-wrap items-center">
        <MoveButtons generation={generation} queue={queue} />
        {generation.paused ? (
          <IconButton label={words.resume(prompt)} icon={Play} onClick={() => inQueue.resume(generation)} />
        ) : (
          <IconButton label={words.pause(prompt)} icon={Pause} onClick={() => inQueue.pause(generation)} />
        )}
        {(generation.settings.prompt ?? '') !== '' && (
          <IconButton label={words.edit(prompt)} icon={Pencil} onClick={props.onEdit} />
        )}
        {cancelButton}
      </div>
    </>
  );
}

const directions = [
  { where: 'front', icon: ChevronsUp, label: words.front },
  { where: 'up', icon: ArrowUp, label: words.up },
  { where: 'down', icon: ArrowDown, label: words.down },
] as const;

function MoveButtons({ generation, queue }: { generation: Generation; queue: readonly Generation[] }) {
  const actions = useQueueActions();
  const prompt = promptOfGeneration(generation);
  return directions.map(({ where, icon, label }) => {
    const move = moveOf(queue, generation, where);
    return (
      <IconButton
        key={where}
        label={label(prompt)}
        icon={icon}
        aria-disabled={move === undefined}
        className="aria-disabled:opacity-40"
        onClick={() => {
          if (move) actions.move(generation, move);
        }}
      />
    );
  });
}

function PromptEditor({ generation, onDone }: { generation: Generation; onDone: () => void }) {
  const fieldId = useId();
  const [text, setText] = useState(promptOfGeneration(generation));
  const [why, setWhy] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const actions = useQueueActions();
  const save = async () => {
    setWhy(null);
    setBusy(true);
    try {
      const changed = await actions.edit(generation, text);
      worthKnowingStore.set(() => changed);
      onDone();
    } catch (error) {
      setWhy(errands.notDone(errands.edit(errands.quoted(text, '')), error));
    }
    setBusy(false);
  };
  return (
    <>
      <label htmlFor={fieldId} className="mb-1 block text-sm font-medium text-text-muted">
        {words.editLabel}
      </label>
      <textarea
        id={fieldId}
        dir="auto"
        rows={3}
        // eslint-disable-next-line jsx-a11y/no-autofocus -- it opens because its button was pressed
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setWhy(null);
        }}
        className="field-sizing-content max-h-48 min-h-20 w-full resize-none rounded-md border border-line-strong bg-surface-sunken px-3 py-2 text-base"
      />
      {why !== null && (
        <Notice tone="danger" className="mt-2">
          <span role="alert">{why}</span>
        </Notice>
      )}
      <div className="mt-2 flex justify-end gap-2">
        <Button onClick={onDone}>{words.keep}</Button>
        <Button
          look="primary"
          disabled={text.trim() === '' || text === promptOfGeneration(generation)}
          aria-disabled={busy}
          onClick={() => {
            if (!busy) void save();
          }}
        >
          {busy ? words.saving : words.save}
        </Button>
      </div>
    </>
  );
}
