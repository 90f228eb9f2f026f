import type { Kind } from '@/api/types';
import type { Draft, DraftFault } from '@/lib/draft';
import { composer as words } from '@/lib/messages/composer';

const fields = ['negative_prompt', 'seed', 'steps', 'guidance', 'sampler'];

export function isAdvancedField(field: string): boolean {
  return fields.includes(field);
}

/** What is wrong with the field, and what the kind takes. */
export function faultText(field: DraftFault, kind: Kind): string {
  if (field === 'seed') return words.faults.seed();
  const { min, max } = kind[field] ?? { min: 0, max: 0 };
  return words.faults[field](min, max);
}

/** How many of the advanced settings are not the model's own. */
export function changedAdvanced(draft: Draft): number {
  const chosen = [draft.seed, draft.steps, draft.guidance, draft.sampler].filter((value) => value !== null);
  return chosen.length + (draft.negativePrompt.trim() === '' ? 0 : 1);
}
