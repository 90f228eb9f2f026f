import { useState } from 'react';
import type { Asset } from '@/api/types';
import { ClipPlayer } from './clip_player';
import { ZoomStage } from './zoom_stage';

interface StageProps {
  asset: Asset;
  alt: string;
  /** Says whether there was a picture to step to. */
  onStep: (by: -1 | 1) => boolean;
  onClose: () => void;
}

/** What the viewer shows of one asset. */
export function Stage({ asset, alt, onStep, onClose }: StageProps) {
  const [loaded, setLoaded] = useState(false);
  const { width, height } = asset;
  const stage = { size: { width, height }, onStep, onClose };
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
        src={asset.links.original}
        alt={alt}
        draggable={false}
        onLoad={() => setLoaded(true)}
        className="absolute inset-0 size-full object-contain"
      />
    </ZoomStage>
  );
}
