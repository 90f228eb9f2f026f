import { readStored, writeStored } from './storage';

const storageKey = 'ourvidz.shapes';
/** More than a screen shows, so that its last row is whole. */
export const shapesMax = 24;

/** The shapes, width by height, of what stood first in the workspace when it was last seen here; null if it never was. */
export function parseShapes(raw: unknown): number[] | null {
  if (!Array.isArray(raw)) return null;
  const stored: unknown[] = raw;
  const isShape = (one: unknown): one is number => typeof one === 'number' && one > 0 && one < Infinity;
  return stored.filter(isShape).slice(0, shapesMax);
}

export const lastShapes = (): number[] | null => readStored(storageKey, parseShapes);

let written = '';

export function noteShapes(shapes: readonly number[]): void {
  const now = shapes.slice(0, shapesMax).map((shape) => Number(shape.toFixed(5)));
  if (now.join() === written) return;
  written = now.join();
  writeStored(storageKey, now);
}
