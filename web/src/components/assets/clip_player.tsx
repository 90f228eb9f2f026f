import type { ComponentProps } from 'react';
import type { Asset } from '@/api/types';
import { useMediaQuery } from '@/lib/hooks';
import { PlayerControls, usePlayer } from './player';
import { ZoomStage } from './zoom_stage';

interface ClipPlayerProps {
  asset: Asset;
  alt: string;
  stage: Omit<ComponentProps<typeof ZoomStage>, 'children'>;
}

export function ClipPlayer({ asset, alt, stage }: ClipPlayerProps) {
  const calm = useMediaQuery('(prefers-reduced-motion: reduce)');
  const { attach, events, ...player } = usePlayer(asset, true);
  const poster = asset.links.poster ?? asset.links.thumbnail;
  return (
    <div className="flex size-full flex-col items-center justify-center gap-2">
      {/* The clips have no sound and no words. */}
      <ZoomStage {...stage}>
        <video
          ref={attach}
          {...events}
          src={asset.links.original}
          {...(poster === undefined ? {} : { poster })}
          aria-label={alt}
          muted
          playsInline
          autoPlay={!calm}
          loop={player.loop}
          onClick={player.toggle}
          className="size-full object-contain"
        />
      </ZoomStage>
      <PlayerControls player={player} />
    </div>
  );
}
