import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';
import { announce } from '@/lib/announce';
import { useShortcuts } from '@/lib/hooks';
import { assets as words } from '@/lib/messages/assets';
import { fittedSize, type Sizes } from '@/lib/zoom';
import { StageGestures } from './stage_gestures';

interface ZoomStageProps {
  size: Sizes['picture'];
  onStep: (by: -1 | 1) => boolean;
  onClose: () => void;
  children: ReactNode;
}

const keyFactor = 1.5;
const panPx = 60;

/** The place where one picture or clip is looked at, as near as one likes. */
export function ZoomStage({ size, onStep, onClose, children }: ZoomStageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const gestures = useRef<StageGestures>(null);
  const latest = useRef({ onStep, onClose });
  useEffect(() => {
    latest.current = { onStep, onClose };
  });
  const { width, height } = size;
  useLayoutEffect(() => {
    const outer = stage.current;
    const inner = picture.current;
    if (!outer || !inner) return;
    const sizes = (): Sizes => ({
      stage: { width: outer.clientWidth, height: outer.clientHeight },
      picture: { width, height },
    });
    const made = new StageGestures(outer, inner, {
      sizes,
      onStep: (by) => latest.current.onStep(by),
      onClose: () => latest.current.onClose(),
    });
    const fit = () => {
      const fitted = fittedSize(sizes());
      Object.assign(inner.style, { width: `${fitted.width}px`, height: `${fitted.height}px` });
      made.refit();
    };
    fit();
    const observer = new ResizeObserver(fit);
    observer.observe(outer);
    gestures.current = made;
    return () => {
      observer.disconnect();
      made.dispose();
    };
  }, [width, height]);
  const zoom = (factor: number) => {
    const scale = gestures.current?.zoom(factor) ?? 1;
    announce(words.zoomed(scale));
  };
  const pan = (x: number, y: number) => gestures.current?.pan({ x, y }) ?? false;
  useShortcuts(
    {
      '+': () => zoom(keyFactor),
      '=': () => zoom(keyFactor),
      '-': () => zoom(1 / keyFactor),
      '0': () => {
        gestures.current?.whole();
        announce(words.zoomed(1));
      },
      ArrowLeft: () => pan(panPx, 0),
      ArrowRight: () => pan(-panPx, 0),
      ArrowUp: () => pan(0, panPx),
      ArrowDown: () => pan(0, -panPx),
    },
    { before: true },
  );
  return (
    <div ref={stage} data-stage className="relative size-full min-h-0 touch-none overflow-hidden select-none">
      <div ref={picture} className="absolute inset-0 m-auto shrink-0">
        {children}
      </div>
    </div>
  );
}
