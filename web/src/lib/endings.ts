import { promptOfGeneration } from './generation_prompt';
import type { Generation } from '@/api/types';
import { announce } from './announce';
import { runs } from './messages/runs';
import { staging as words } from './messages/staging';
import { groupOfRun, runOfStep } from './runs';
import { isOver, type Studio } from './studio';

/** Says that a picture or clip is done or has failed, once, to who cannot see it. */
export function tellEnd(before: Studio, generation: Generation): void {
  const known = before.generations[generation.id];
  if (!known || isOver(known) || generation.medium === 'chat') return;
  const prompt = promptOfGeneration(generation);
  const run = runOfStep(before, generation.id);
  const isDraft = run !== undefined && groupOfRun(before, run)?.draft.id === generation.id;
  if (generation.state === 'succeeded') announce(isDraft ? runs.ready(prompt) : words.ready(prompt));
  if (generation.state === 'failed') announce(words.failed(prompt, generation.error?.detail ?? ''));
}
