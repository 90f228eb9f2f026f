import {
  closerScale,
  keptInside,
  meaningOfDrag,
  moved,
  wholeView,
  zoomedAt,
  type Point,
  type Sizes,
  type View,
} from '@/lib/zoom';

const slopPx = 8;
const stepPx = 48;
const closePx = 90;
const tapMs = 300;
const tapPx = 32;
const wheelPerFactor = 300;
const linePx = 16;

interface StageEvents {
  sizes: () => Sizes;
  /** Says whether there was a picture to step to. */
  onStep: (by: -1 | 1) => boolean;
  onClose: () => void;
}

interface Drag {
  from: Point;
  meaning: 'undecided' | ReturnType<typeof meaningOfDrag>;
}

/**
 * What fingers, mouse and wheel do on the stage of the viewer: swipe to the next picture, pull away to close, pinch, double
 * tap, turn the wheel and drag. Moves the picture by its style alone, so that no frame waits for React.
 */
export class StageGestures {
  private view: View = wholeView;
  private readonly fingers = new Map<number, Point>();
  private drag: Drag | null = null;
  private lastTap: { at: Point; time: number } | null = null;
  private readonly stop = new AbortController();

  constructor(
    private readonly stage: HTMLElement,
    private readonly picture: HTMLElement,
    private readonly events: StageEvents,
  ) {
    const { signal } = this.stop;
    stage.addEventListener('pointerdown', this.down, { signal });
    stage.addEventListener('pointermove', this.move, { signal });
    stage.addEventListener('pointerup', this.up, { signal });
    stage.addEventListener('pointercancel', this.cancel, { signal });
    stage.addEventListener('wheel', this.wheel, { signal, passive: false });
  }

  dispose(): void {
    this.stop.abort();
  }

  zoom(factor: number): number {
    this.show(zoomedAt(this.view, factor, { x: 0, y: 0 }, this.events.sizes()));
    return this.view.scale;
  }

  whole(): void {
    this.show(wholeView);
  }

  /** Says whether there was room to move that way. */
  pan(by: Point): boolean {
    const next = moved(this.view, by, this.events.sizes());
    const goes = next.x !== this.view.x || next.y !== this.view.y;
    this.show(next);
    return goes || this.view.scale > 1;
  }

  /** After the stage has changed its size. */
  refit(): void {
    this.show(keptInside(this.view, this.events.sizes()));
  }

  private show(view: View, offset: Point = { x: 0, y: 0 }): void {
    this.view = view;
    this.picture.style.transform = `translate(${view.x + offset.x}px, ${view.y + offset.y}px) scale(${view.scale})`;
    this.stage.dataset['zoom'] = view.scale.toFixed(2);
  }

  private place(event: MouseEvent): Point {
    const box = this.stage.getBoundingClientRect();
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  }

  private readonly down = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    const at = this.place(event);
    this.fingers.set(event.pointerId, at);
    this.drag = this.fingers.size === 1 ? { from: at, meaning: 'undecided' } : null;
    if (this.fingers.size > 1) this.show(this.view);
  };

  private readonly move = (event: PointerEvent): void => {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const at = this.place(event);
    this.fingers.set(event.pointerId, at);
    if (this.fingers.size === 2) return this.pinch(event.pointerId, before, at);
    if (this.drag) this.dragTo(this.drag, event, before, at);
  };

  private pinch(id: number, before: Point, at: Point): void {
    const other = [...this.fingers].find(([one]) => one !== id)?.[1];
    if (!other) return;
    const spread = (one: Point) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
    const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
    const sizes = this.events.sizes();
    const zoomed = zoomedAt(this.view, spread(at) / spread(before), middle, sizes);
    this.show(moved(zoomed, { x: (at.x - before.x) / 2, y: (at.y - before.y) / 2 }, sizes));
  }

  private dragTo(drag: Drag, event: PointerEvent, before: Point, at: Point): void {
    const by = { x: at.x - drag.from.x, y: at.y - drag.from.y };
    if (drag.meaning === 'undecided') {
      if (Math.hypot(by.x, by.y) < slopPx) return;
      drag.meaning = meaningOfDrag(by, this.view, this.events.sizes());
      this.stage.setPointerCapture(event.pointerId);
    }
    if (drag.meaning === 'move') {
      this.show(moved(this.view, { x: at.x - before.x, y: at.y - before.y }, this.events.sizes()));
    } else if (event.pointerType !== 'mouse') {
      this.show(this.view, drag.meaning === 'step' ? { x: by.x, y: 0 } : { x: 0, y: by.y });
    }
  }

  private readonly up = (event: PointerEvent): void => {
    const { drag } = this;
    const at = this.fingers.get(event.pointerId);
    this.fingers.delete(event.pointerId);
    this.drag = null;
    if (!at || !drag) return;
    if (drag.meaning === 'undecided') return this.tap(at, event.timeStamp);
    if (drag.meaning === 'move' || event.pointerType === 'mouse') return;
    const by = { x: at.x - drag.from.x, y: at.y - drag.from.y };
    if (drag.meaning === 'close' && Math.abs(by.y) > closePx) return this.events.onClose();
    const steps = drag.meaning === 'step' && Math.abs(by.x) > stepPx;
    if (!steps || !this.events.onStep(by.x < 0 ? 1 : -1)) this.show(this.view);
  };

  private readonly cancel = (event: PointerEvent): void => {
    this.fingers.delete(event.pointerId);
    this.drag = null;
    this.show(this.view);
  };

  private tap(at: Point, time: number): void {
    const last = this.lastTap;
    this.lastTap = { at, time };
    if (!last || time - last.time > tapMs || Math.hypot(at.x - last.at.x, at.y - last.at.y) > tapPx) return;
    this.lastTap = null;
    this.show(this.view.scale > 1 ? wholeView : zoomedAt(wholeView, closerScale, at, this.events.sizes()));
  }

  private readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const turned = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? linePx : 1);
    const factor = Math.exp(-turned / wheelPerFactor);
    this.show(zoomedAt(this.view, factor, this.place(event), this.events.sizes()));
  };
}
