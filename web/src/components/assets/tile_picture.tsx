import { useState } from 'react';
import type { Asset } from '@/api/types';
import { cx } from '@/lib/class_names';
import { useMediaQuery } from '@/lib/hooks';
import { stillOf } from '@/lib/still';

interface TilePictureProps {
  asset: Asset;
  alt: string;
  /** One of the first that are seen: it is fetched before others, and shown without any grace. */
  early?: boolean;
}

/** The still of an asset. What stood there before stays until the new one is there: no jump, no flash. */
export function TilePicture({ asset, alt, early = false }: TilePictureProps) {
  const [loaded, setLoaded] = useState(early);
  return (
    <img
      src={stillOf(asset)}
      alt={alt}
      draggable={false}
      decoding="async"
      loading={early ? 'eager' : 'lazy'}
      fetchPriority={early ? 'high' : 'auto'}
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
