import { expect, it } from 'vitest';
import { parseShapes, shapesMax } from './last_shapes';

it('takes what makes sense of what was stored, and no more than a screen shows', () => {
  expect(parseShapes([1, 0.75, -1, 'x', null, 0])).toEqual([1, 0.75]);
  expect(parseShapes(Array(50).fill(1))).toHaveLength(shapesMax);
  expect(parseShapes([])).toEqual([]);
  expect(parseShapes({})).toBeNull();
});
