import type { AssetState } from '@/api/types';

export const queryKeys = {
  /** Folded from lists and events; see lib/live. */
  studio: ['studio'] as const,
  library: ['library'] as const,
  libraryOf: (state: AssetState) => ['library', state] as const,
  trash: ['trash'] as const,
  conversations: ['conversations'] as const,
  conversation: (id: string) => ['conversation', id] as const,
  /** One that no list here has; asked for again when the studio is back. */
  asset: (id: string) => ['server', 'asset', id] as const,
  generation: (id: string) => ['generation', id] as const,
  /** The run that a generation is a step of. */
  runOf: (id: string) => ['server', 'run', id] as const,
  /** What the server says about itself. */
  server: ['server'] as const,
  kinds: ['server', 'kinds'] as const,
  balance: ['server', 'balance'] as const,
  models: ['server', 'models'] as const,
  health: ['server', 'health'] as const,
};
