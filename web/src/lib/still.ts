import type { Asset } from '@/api/types';

/** The address of what stands for an asset in a tile. */
export const stillOf = ({ links }: Asset): string | undefined =>
  links.thumbnail ?? links.poster ?? links.original;
