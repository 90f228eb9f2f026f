import type { Generation, Kind } from '@/api/types';
import { making } from './messages/making';
import { Store } from './store';

/** What a person should know about a request that was accepted: in a few words, and what stands behind them. */
interface WorthKnowing {
  text: string;
  /** What the model knows, where the request has words that it does not know. */
  knows: string | null;
}

/** The request of which something is worth knowing, until that is put away or another one is sent. */
export const worthKnowingStore = new Store<Generation | null>(null);

const unknownWords = / does not know: (.+)\.$/;

/** null if there is nothing. */
export function worthKnowing(generation: Generation, kinds: readonly Kind[]): WorthKnowing | null {
  const sentences = generation.warnings.map(({ detail }) => detail);
  const hint = generation.hint ?? '';
  const known = kinds.find((kind) => kind.name === generation.kind)?.prompt_hint ?? '';
  const knows = known !== '' && hint.endsWith(known) ? known : null;
  const rest = knows === null ? hint : hint.slice(0, -known.length).trim();
  const words = unknownWords.exec(rest)?.[1];
  const short = words === undefined ? rest : making.unknownWords(words.split(', '));
  if (short !== '') sentences.push(short);
  return sentences.length === 0 ? null : { text: sentences.join(' '), knows };
}
