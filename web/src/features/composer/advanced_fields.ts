import type { Draft } from '@/lib/draft';

const fields = ['negative_prompt', 'seed', 'steps', 'guidance', 'sampler'];

export function isAdvancedField(field: string): boolean {
  return fields.includes(field);
}

/** How many of the advanced settings are not the model's own. */
export function changedAdvanced(draft: Draft): number {
  const chosen = [draft.seed, draft.steps, draft.guidance, draft.sampler].filter((value) => value !== null);
  return chosen.length + (draft.negativePrompt.trim() === '' ? 0 : 1);
}
