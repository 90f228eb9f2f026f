import type { Asset } from '@/api/types';

interface Recipe {
  prompt?: unknown;
  settings?: { prompt?: unknown; resolved_prompt?: unknown };
}

/** The words an asset was made from, as its recipe tells them, with every choice made; empty for uploads. */
export function promptOfAsset(asset: Asset): string {
  const recipe = asset.recipe as Recipe | undefined;
  const prompt = recipe?.settings?.resolved_prompt ?? recipe?.settings?.prompt ?? recipe?.prompt;
  return typeof prompt === 'string' ? prompt.trim() : '';
}
