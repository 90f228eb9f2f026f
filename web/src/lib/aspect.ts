/** How much higher than wide a tile may be, and how much wider than high; a longer picture is cut to it, and whole in the viewer. */
const aspectMin = 9 / 16;
const aspectMax = 21 / 9;

interface Shape {
  width?: number | null | undefined;
  height?: number | null | undefined;
}

/** The shape of a picture's tile: its own, as long as a row of such tiles still fits a screen. */
export function tileAspect({ width, height }: Shape): number {
  const aspect = (width ?? 0) / (height ?? 0);
  return aspect > 0 ? Math.min(aspectMax, Math.max(aspectMin, aspect)) : 1;
}
