import { describe, expect, it } from 'vitest';
import { tileAspect } from './aspect';

describe('the shape of a tile', () => {
  it('is that of the picture', () => expect(tileAspect({ width: 448, height: 576 })).toBeCloseTo(448 / 576));
  it.each([
    [54, 600],
    [1, 16384],
    [40, 2000],
  ])('is not a tower for %i × %i', (width, height) =>
    expect(tileAspect({ width, height })).toBeCloseTo(9 / 16),
  );
  it('is not a thread for a strip', () =>
    expect(tileAspect({ width: 16384, height: 1 })).toBeCloseTo(21 / 9));
  it.each([
    {},
    { width: 0, height: 0 },
    { width: 0, height: 5 },
    { width: -1, height: 5 },
    { width: NaN, height: 1 },
  ])('is a square where nothing is known: %o', (size) => expect(tileAspect(size)).toBe(1));
  it('is bounded where only one side is nothing', () =>
    expect(tileAspect({ width: 5, height: 0 })).toBeCloseTo(21 / 9));
});
