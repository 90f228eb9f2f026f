import type { Asset, Generation, Run } from '@/api/types';
import { promptOfAsset } from './asset_prompt';
import { isVisible, type Studio } from './studio';

/** One step of a run, and its generation where that is known here. */
interface Step {
  id: string;
  state: Generation['state'];
  credits: number;
  generation: Generation | null;
}

/**
 * How far a run is that keeps the best of several drafts. `choosing`: it waits for a person; `over`: it has come to nothing,
 * and what there is of it stands alone.
 */
type Phase = 'drafting' | 'choosing' | 'making' | 'done' | 'over';

/** What is shown together: the drafts, and what is made of the one that is chosen. */
export interface RunGroup {
  run: Run;
  phase: Phase;
  prompt: string;
  draft: Step;
  full: Step;
  /** null for a run that ends with the picture in full quality. */
  enlarged: Step | null;
  /** Those that were not put into the trash, in their order. */
  drafts: readonly Asset[];
  /** The places of drafts that are still to come. */
  toCome: readonly number[];
  /** The one that was chosen; null before that, or where it cannot be told. */
  chosen: string | null;
  /** The picture in full quality, while it waits in the workspace. */
  picture: Asset | null;
  /** The same, enlarged. */
  large: Asset | null;
}

const far: Record<Generation['state'], number> = {
  scheduled: 0,
  queued: 1,
  running: 2,
  succeeded: 3,
  failed: 3,
  canceled: 3,
};

/** A step is as far as its generation says, or the run, whichever was heard later. */
function stepOf(studio: Studio, run: Run, name: 'draft' | 'full' | 'enlarged'): Step | null {
  const step = run.steps.find((one) => one.name === name);
  if (!step) return null;
  const generation = studio.generations[step.generation_id] ?? null;
  const isBehind = generation === null || far[generation.state] < far[step.state];
  const state = isBehind ? step.state : generation.state;
  return { id: step.generation_id, state, credits: step.credits, generation };
}

const hasFailed = ({ state }: Step): boolean => state === 'failed' || state === 'canceled';

/** Whether the picture in full quality is there, and is to be enlarged or is being so. */
export const isEnlarging = ({ full, enlarged }: Pick<RunGroup, 'full' | 'enlarged'>): boolean =>
  full.state === 'succeeded' && enlarged !== null && far[enlarged.state] < far.succeeded;

/** What is set aside for what comes after the choice. */
export const creditsToCome = ({ full, enlarged }: RunGroup): number =>
  [full, enlarged].reduce((sum, step) => sum + (step?.state === 'succeeded' ? 0 : (step?.credits ?? 0)), 0);

function phaseOf(draft: Step, full: Step, enlarged: Step | null): Phase {
  if (full.state === 'succeeded') return isEnlarging({ full, enlarged }) ? 'making' : 'done';
  if (hasFailed(draft) || hasFailed(full)) return 'over';
  if (full.state !== 'scheduled') return 'making';
  return draft.state === 'succeeded' ? 'choosing' : 'drafting';
}

function placesToCome({ state, generation }: Step, made: readonly Asset[]): number[] {
  if (generation === null || far[state] === far.succeeded) return [];
  const taken = new Set(made.map(({ position }) => position));
  return Array.from({ length: generation.batch }, (_, place) => place).filter((place) => !taken.has(place));
}

function chosenOf(full: Step, drafts: readonly Asset[]): string | null {
  if (full.state === 'scheduled' || full.generation === null) return null;
  const { source_asset_id: source, seed } = full.generation.settings;
  return source ?? drafts.find((one) => String(one.seed) === String(seed))?.id ?? null;
}

/** null for a run of which this app does not know the steps. */
export function groupOfRun(studio: Studio, run: Run): RunGroup | null {
  const draft = stepOf(studio, run, 'draft');
  const full = stepOf(studio, run, 'full');
  if (!draft || !full) return null;
  const enlarged = stepOf(studio, run, 'enlarged');
  const of = (step: Step) =>
    Object.values(studio.assets)
      .filter((asset) => asset.generation_id === step.id)
      .sort((a, b) => a.position - b.position);
  const made = of(draft);
  const drafts = made.filter(({ state }) => state !== 'discarded');
  const picture = of(full).find(isStaging) ?? null;
  const large = enlarged ? (of(enlarged).find(isStaging) ?? null) : null;
  const [first] = [...drafts, ...(picture ? [picture] : [])];
  return {
    run,
    phase: phaseOf(draft, full, enlarged),
    prompt: draft.generation?.settings.prompt ?? (first ? promptOfAsset(first) : ''),
    draft,
    full,
    enlarged,
    drafts,
    toCome: placesToCome(draft, made),
    chosen: chosenOf(full, drafts),
    picture,
    large,
  };
}

/** The run of which this generation is a step. */
export const runOfStep = (studio: Studio, generationId: string): Run | undefined =>
  Object.values(studio.runs).find(({ steps }) => steps.some((step) => step.generation_id === generationId));

/** The run that waits for a choice of which this may be the one. */
export function choiceOf(studio: Studio, asset: Asset): Run | null {
  const run = asset.generation_id === null ? undefined : runOfStep(studio, asset.generation_id);
  const group = run && groupOfRun(studio, run);
  if (group?.phase !== 'choosing' || group.draft.id !== asset.generation_id) return null;
  return canBeChosen(asset) ? group.run : null;
}

export const canBeChosen = (asset: Asset): boolean => isVisible(asset) && asset.state !== 'discarded';

/** What stands together in the workspace: what is not over, and what is done as long as drafts of it are still there. */
export function shownTogether(studio: Studio): RunGroup[] {
  return Object.values(studio.runs).flatMap((run) => {
    const group = groupOfRun(studio, run);
    if (!group || group.phase === 'over') return [];
    const drafts = group.phase === 'done' ? group.drafts.filter(isStaging) : group.drafts;
    return group.phase === 'done' && drafts.length === 0 ? [] : [{ ...group, drafts }];
  });
}

const isStaging = ({ state }: Asset): boolean => state === 'staging';

export function isSameGroup(one: RunGroup, other: RunGroup): boolean {
  return (
    one.run === other.run &&
    one.phase === other.phase &&
    one.draft.generation === other.draft.generation &&
    one.full.generation === other.full.generation &&
    one.enlarged?.generation === other.enlarged?.generation &&
    one.picture === other.picture &&
    one.large === other.large &&
    one.drafts.length === other.drafts.length &&
    one.drafts.every((asset, index) => asset === other.drafts[index])
  );
}
