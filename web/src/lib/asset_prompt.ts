import type { Asset } from '@/api/types';

/** The words an asset was made from, as its recipe tells them; empty for uploads. */
export function promptOfAsset(asset: Asset): string {
  const recipe = asset.recipe as { prompt?: unknown; settings?: { prompt?: unknown } } | undefined;
  const prompt = recipe?.settings?.prompt ?? recipe?.prompt;
  return typeof prompt === 'string' ? prompt : '';
}
