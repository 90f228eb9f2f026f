import type { Asset } from '@/api/types';
import { media } from './media';

/** The address of what stands for an asset in a tile. */
export const stillOf = ({ links, medium }: Asset): string | undefined =>
  links.thumbnail ?? links.poster ?? (media[medium].isPicture ? links.original : undefined);
