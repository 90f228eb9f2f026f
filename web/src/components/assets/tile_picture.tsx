import { useState } from 'react';
import type { Asset } from '@/api/types';
import { cx } from '@/lib/class_names';
import { useMediaQuery } from '@/lib/hooks';

/** The still of an asset. What stood there before stays until the new one is there: no jump, no flash. */
export function TilePicture({ asset, alt }: { asset: Asset; alt: string }) {
  const [loaded, setLoaded] = useState(false);
  const source = asset.links.thumbnail ?? asset.links.poster ?? asset.links.original;
  return (
    <img
      src={source}
      alt={alt}
      draggable={false}
      decoding="async"
      loading="lazy"
      onLoad={() => setLoaded(true)}
      className={cx(
        'absolute inset-0 size-full object-cover transition-opacity',
        loaded ? 'opacity-100' : 'opacity-0',
      )}
    />
  );
}

/** A short moving picture, only where a pointer rests on the tile. */
export function HoverPreview({ asset, active }: { asset: Asset; active: boolean }) {
  const calm = useMediaQuery('(prefers-reduced-motion: reduce)');
  const source = asset.links.hover;
  if (!active || calm || source === undefined) return null;
  return <img src={source} alt="" className="pointer-events-none absolute inset-0 size-full object-cover" />;
}
