import type { CSSProperties, ReactNode } from 'react';
import { cx } from '@/lib/class_names';

/** The place of one picture or clip, with its shape from the first moment on. */
export function TileFrame(props: {
  aspect: number;
  children: ReactNode;
  className?: string;
  label?: string;
}) {
  return (
    <li
      aria-label={props.label}
      style={{ '--aspect': props.aspect, aspectRatio: props.aspect } as CSSProperties}
      className={cx(
        'justified-item group relative isolate overflow-hidden rounded-md bg-surface-raised',
        props.className,
      )}
    >
      {props.children}
    </li>
  );
}
