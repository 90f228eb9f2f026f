import { useEffect, useState } from 'react';
import type { Asset } from '@/api/types';
import { cx } from '@/lib/class_names';
import { connection } from '@/lib/live';
import { media } from '@/lib/media';
import { useStore } from '@/lib/store';
import { ClipPlayer } from './clip_player';
import { SoundPlayer } from './sound_player';
import { ZoomStage } from './zoom_stage';

interface StageProps {
  asset: Asset;
  /** What may be stepped to; decoded beforehand, so that the step shows it at once. */
  near: readonly (Asset | undefined)[];
  alt: string;
  /** Says whether there was a picture to step to. */
  onStep: (by: -1 | 1) => boolean;
  onClose: () => void;
}

/** Pictures that are kept decoded while they are likely to be looked at next. */
function useDecoded(near: StageProps['near'], ready: boolean): void {
  const sources = near.flatMap((one) =>
    one && media[one.medium].isPicture ? (one.links.original ?? []) : [],
  );
  const wanted = sources.join(' ');
  useEffect(() => {
    if (!ready || wanted === '') return;
    const images = wanted.split(' ').map((source) => {
      const image = new Image();
      image.src = source;
      // One that cannot be had is told where it is opened.
      image.decode().catch(() => undefined);
      return image;
    });
    return () => images.splice(0).forEach((image) => image.removeAttribute('src'));
  }, [wanted, ready]);
}

/** What the viewer shows of one asset. */
export function Stage({ asset, near, alt, onStep, onClose }: StageProps) {
  const [loaded, setLoaded] = useState(false);
  // Tried again when the studio is back.
  const isLive = useStore(connection).state === 'live' || loaded;
  useDecoded(near, loaded || !media[asset.medium].isPicture);
  const { width, height } = asset;
  const stage = { size: { width, height }, onStep, onClose };
  if (asset.medium === 'audio') return <SoundPlayer asset={asset} alt={alt} />;
  if (asset.medium === 'video') return <ClipPlayer asset={asset} alt={alt} stage={stage} />;
  return (
    <ZoomStage {...stage}>
      {!loaded && asset.links.thumbnail !== undefined && (
        <img
          src={asset.links.thumbnail}
          alt=""
          draggable={false}
          className="absolute inset-0 size-full object-contain"
        />
      )}
      <img
        key={String(isLive)}
        src={asset.links.original}
        alt={alt}
        draggable={false}
        onLoad={() => setLoaded(true)}
        // Until it is there, and where it cannot be had, the small one is seen.
        className={cx('absolute inset-0 size-full object-contain', !loaded && 'opacity-0')}
      />
    </ZoomStage>
  );
}
