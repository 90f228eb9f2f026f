import { expect, it } from 'vitest';
import { promptOfAsset } from './asset_prompt';
import { anAsset } from './fixtures';

it.each([
  [{ settings: { prompt: 'a red __pets__', resolved_prompt: 'a red owl ' } }, 'a red owl'],
  [{ settings: { prompt: 'a fox' } }, 'a fox'],
  [{ prompt: 'a fox' }, 'a fox'],
  [{}, ''],
])('names an asset by what the engine got: %j', (recipe, words) => {
  expect(promptOfAsset({ ...anAsset(), recipe: recipe as never })).toBe(words);
});
