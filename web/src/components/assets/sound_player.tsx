import { AudioLines } from 'lucide-react';
import type { Asset } from '@/api/types';
import { PlayerControls, usePlayer } from './player';

/** Nothing starts to sound before it is asked to. */
export function SoundPlayer({ asset, alt }: { asset: Asset; alt: string }) {
  const { attach, events, ...player } = usePlayer(asset, false);
  const { original, thumbnail } = asset.links;
  return (
    <div className="flex size-full flex-col items-center justify-center gap-6">
      {thumbnail === undefined ? (
        <AudioLines aria-hidden className="size-24 text-text-muted" />
      ) : (
        <img src={thumbnail} alt="" draggable={false} className="max-h-1/2 max-w-full object-contain" />
      )}
      {/* eslint-disable-next-line jsx-a11y/media-has-caption -- it has no words yet that a track could hold */}
      <audio ref={attach} {...events} src={original} aria-label={alt} loop={player.loop} />
      <PlayerControls player={player} />
    </div>
  );
}
