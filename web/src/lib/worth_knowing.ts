import type { Generation, Kind } from '@/api/types';
import { Store } from './store';

/** What a person should know about a request that was accepted: in a few words, and what stands behind them. */
interface WorthKnowing {
  text: string;
  /** What the model knows, where the request has words that it does not know. */
  knows: string | null;
}

/** The request of which something is worth knowing, until that is put away or another one is sent. */
export const worthKnowingStore = new Store<Generation | null>(null);

/** null if there is nothing. */
export function worthKnowing(generation: Generation, kinds: readonly Kind[]): WorthKnowing | null {
  const sentences = generation.warnings.map(({ detail }) => detail);
  const hint = generation.hint ?? null;
  if (hint !== null) sentences.push(hint);
  if (sentences.length === 0) return null;
  const known = kinds.find((kind) => kind.name === generation.kind)?.prompt_hint ?? null;
  return { text: sentences.join(' '), knows: hint === null ? null : known };
}
