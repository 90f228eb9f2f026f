import type { Asset } from '@/api/types';
import { tileAspect } from './aspect';
import type { Draft } from './draft';
import { stillOf } from './still';

/** A picture as what something starts from. */
export const sourceOf = (asset: Asset): NonNullable<Draft['source']> => ({
  id: asset.id,
  thumbnail: stillOf(asset) ?? '',
  aspect: tileAspect(asset),
});
