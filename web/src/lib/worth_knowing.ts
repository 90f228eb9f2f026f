import type { Generation } from '@/api/types';

/** What a person should know about a request that was accepted, in one text; null if there is nothing. */
export function worthKnowing(generation: Generation): string | null {
  const sentences = generation.warnings.map(({ detail }) => detail);
  if (generation.hint) sentences.push(generation.hint);
  return sentences.length > 0 ? sentences.join(' ') : null;
}
