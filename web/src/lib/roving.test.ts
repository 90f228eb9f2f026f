import { describe, expect, it } from 'vitest';
import { neighbour } from './roving';

/** Rows of three, two wide ones and one, as justified rows have them. */
const boxes = [
  { left: 0, top: 0, width: 100, height: 100 },
  { left: 110, top: 0, width: 100, height: 100 },
  { left: 220, top: 0, width: 100, height: 100 },
  { left: 0, top: 110, width: 155, height: 100 },
  { left: 165, top: 110, width: 155, height: 100 },
  { left: 0, top: 220, width: 100, height: 100 },
];

describe('arrow keys', () => {
  it.each([
    ['ArrowRight', 2, 3],
    ['ArrowRight', 5, 5],
    ['ArrowLeft', 3, 2],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 2, 4],
    ['ArrowDown', 0, 3],
    ['ArrowDown', 4, 5],
    ['ArrowDown', 5, 5],
    ['ArrowUp', 4, 2],
    ['ArrowUp', 5, 3],
    ['ArrowUp', 1, 1],
    ['Home', 4, 0],
    ['End', 1, 5],
  ])('%s leads from %i to %i', (key, from, to) => expect(neighbour(boxes, from, key)).toBe(to));
  it('are the only keys', () => expect(neighbour(boxes, 0, 'Enter')).toBeNull());
});
