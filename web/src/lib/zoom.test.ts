import { describe, expect, it } from 'vitest';
import { fittedSize, keptInside, meaningOfDrag, moved, roomToMove, wholeView, zoomedAt } from './zoom';

const stage = { width: 360, height: 600 };
const square = { stage, picture: { width: 512, height: 512 } };

describe('a picture on its stage', () => {
  it('is whole at first', () => {
    expect(fittedSize(square)).toEqual({ width: 360, height: 360 });
    expect(fittedSize({ stage, picture: { width: 100, height: 1000 } })).toEqual({ width: 60, height: 600 });
  });
  it.each([
    [1, 16384],
    [16384, 1],
    [40, 2000],
  ])('is visible though it is %i × %i', (width, height) => {
    const fitted = fittedSize({ stage, picture: { width, height } });
    const narrow = (stage.height / 2000) * 40;
    expect(Math.min(fitted.width, fitted.height)).toBeGreaterThanOrEqual(Math.max(narrow, 24));
  });
  it('can be seen to its ends', () => {
    const sizes = { stage, picture: { width: 1, height: 16384 } };
    expect(roomToMove(1, sizes)).toEqual({ x: 0, y: (24 * 16384 - 600) / 2 });
  });
  it('is never smaller than whole, nor far too large', () => {
    expect(keptInside({ scale: 0.2, x: 40, y: 40 }, square)).toEqual(wholeView);
    expect(keptInside({ scale: 1000, x: 0, y: 0 }, square).scale).toBe(4);
  });
  it('keeps its edges outside of the stage', () => {
    expect(moved({ scale: 2, x: 0, y: 0 }, { x: 9999, y: 9999 }, square)).toEqual({
      scale: 2,
      x: 180,
      y: 60,
    });
  });
});

describe('zooming', () => {
  it('keeps the place under the finger', () => {
    const at = { x: 100, y: 50 };
    const view = zoomedAt(wholeView, 3, at, square);
    expect((at.x - view.x) / view.scale).toBeCloseTo(100);
    expect((at.y - view.y) / view.scale).toBeCloseTo(50);
  });
  it('comes back to the whole', () => {
    const near = zoomedAt(wholeView, 3, { x: 100, y: 50 }, square);
    const { scale, x, y } = zoomedAt(near, 0.01, { x: -100, y: 0 }, square);
    expect([scale, Math.abs(x), Math.abs(y)]).toEqual([1, 0, 0]);
  });
});

describe('one finger', () => {
  it('steps sideways and closes up and down while all is seen', () => {
    expect(meaningOfDrag({ x: -30, y: 5 }, wholeView, square)).toBe('step');
    expect(meaningOfDrag({ x: 3, y: 40 }, wholeView, square)).toBe('close');
  });
  it('moves the picture while it is enlarged', () =>
    expect(meaningOfDrag({ x: -30, y: 5 }, { scale: 2, x: 0, y: 0 }, square)).toBe('move'));
  it('moves a strip along itself, and steps across it', () => {
    const strip = { stage, picture: { width: 1, height: 16384 } };
    expect(meaningOfDrag({ x: 0, y: -40 }, wholeView, strip)).toBe('move');
    expect(meaningOfDrag({ x: -40, y: 0 }, wholeView, strip)).toBe('step');
  });
});
