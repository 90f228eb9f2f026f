interface Size {
  width: number;
  height: number;
}

/** A place on the stage in pixels from its middle. */
export interface Point {
  x: number;
  y: number;
}

/** How a picture lies on its stage: enlarged by `scale`, its middle moved by x and y pixels. */
export interface View extends Point {
  scale: number;
}

/** The stage, and the picture in its own pixels. */
export interface Sizes {
  stage: Size;
  picture: Size;
}

export const wholeView: View = { scale: 1, x: 0, y: 0 };

/** What a double tap enlarges to. */
export const closerScale = 2.5;

/** However long and thin a picture is, its short side is shown at least so wide. */
const shortSideMinPx = 24;
const scaleMax = 32;

/** The size at which a picture is shown before anybody zooms: whole, unless that would make it a thread. */
export function fittedSize({ stage, picture }: Sizes): Size {
  if (picture.width <= 0 || picture.height <= 0) return stage;
  const whole = Math.min(stage.width / picture.width, stage.height / picture.height);
  const visible = shortSideMinPx / Math.min(picture.width, picture.height);
  const factor = Math.max(whole, visible);
  return { width: picture.width * factor, height: picture.height * factor };
}

/** How far the picture may be moved to each side: as far as it is larger than the stage. */
export function roomToMove(scale: number, sizes: Sizes): Point {
  const fitted = fittedSize(sizes);
  return {
    x: Math.max(0, (fitted.width * scale - sizes.stage.width) / 2),
    y: Math.max(0, (fitted.height * scale - sizes.stage.height) / 2),
  };
}

const between = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

/** The nearest view that shows no emptiness where picture could be, and is neither smaller than whole nor grain only. */
export function keptInside(view: View, sizes: Sizes): View {
  const twicePixels = (2 * sizes.picture.width) / fittedSize(sizes).width;
  const scale = between(view.scale, 1, between(twicePixels, 4, scaleMax));
  const room = roomToMove(scale, sizes);
  return { scale, x: between(view.x, -room.x, room.x), y: between(view.y, -room.y, room.y) };
}

/** Enlarges so that what lies under `at` stays under it. */
export function zoomedAt(view: View, factor: number, at: Point, sizes: Sizes): View {
  const { scale } = keptInside({ ...view, scale: view.scale * factor }, sizes);
  const real = scale / view.scale;
  return keptInside({ scale, x: at.x - (at.x - view.x) * real, y: at.y - (at.y - view.y) * real }, sizes);
}

export function moved(view: View, by: Point, sizes: Sizes): View {
  return keptInside({ ...view, x: view.x + by.x, y: view.y + by.y }, sizes);
}

/** What one finger that has moved by `by` means: to move the picture, or, where there is no room, the next one or the end. */
export function meaningOfDrag(by: Point, view: View, sizes: Sizes): 'move' | 'step' | 'close' {
  if (view.scale > 1) return 'move';
  const room = roomToMove(view.scale, sizes);
  if (Math.abs(by.x) > Math.abs(by.y)) return room.x > 0 ? 'move' : 'step';
  return room.y > 0 ? 'move' : 'close';
}
