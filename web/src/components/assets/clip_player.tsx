import { Pause, Play, Repeat } from 'lucide-react';
import { useEffect, useState, type ComponentProps } from 'react';
import type { Asset } from '@/api/types';
import { IconButton } from '@/components/button';
import { Slider } from '@/components/slider';
import { cx } from '@/lib/class_names';
import { formatClock } from '@/lib/format';
import { useMediaQuery, useShortcuts } from '@/lib/hooks';
import { assets as words } from '@/lib/messages/assets';
import { ZoomStage } from './zoom_stage';

function seekTo(video: HTMLVideoElement, seconds: number): void {
  video.currentTime = seconds;
}

function usePlayer(asset: Asset) {
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const calm = useMediaQuery('(prefers-reduced-motion: reduce)');
  const [playing, setPlaying] = useState(false);
  const [loop, setLoop] = useState(true);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState((asset.duration_ms ?? 0) / 1000);
  const toggle = () => {
    // A browser may refuse to play; then the button simply stays "Play".
    if (video?.paused) video.play().catch(() => setPlaying(false));
    else video?.pause();
  };
  const seek = (seconds: number) => {
    if (video) seekTo(video, seconds);
    setAt(seconds);
  };
  // timeupdate comes four times a second; a scrubber wants every frame.
  useEffect(() => {
    if (!playing || !video) return;
    let frame = 0;
    const tick = () => {
      setAt(video.currentTime);
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [playing, video]);
  return { attach: setVideo, calm, playing, setPlaying, loop, setLoop, at, length, setLength, toggle, seek };
}

interface ClipPlayerProps {
  asset: Asset;
  alt: string;
  stage: Omit<ComponentProps<typeof ZoomStage>, 'children'>;
}

export function ClipPlayer({ asset, alt, stage }: ClipPlayerProps) {
  const { attach, ...player } = usePlayer(asset);
  useShortcuts({ ' ': player.toggle });
  const poster = asset.links.poster ?? asset.links.thumbnail;
  return (
    <div className="flex size-full flex-col items-center justify-center gap-2">
      {/* The clips have no sound and no words. */}
      <ZoomStage {...stage}>
        <video
          ref={attach}
          src={asset.links.original}
          {...(poster === undefined ? {} : { poster })}
          aria-label={alt}
          muted
          playsInline
          autoPlay={!player.calm}
          loop={player.loop}
          onClick={player.toggle}
          onPlay={() => player.setPlaying(true)}
          onPause={() => player.setPlaying(false)}
          onLoadedMetadata={(event) => player.setLength(event.currentTarget.duration)}
          className="size-full object-contain"
        />
      </ZoomStage>
      <div className="flex w-full max-w-xl items-center gap-2 px-3">
        <IconButton
          label={player.playing ? words.pause : words.play}
          icon={player.playing ? Pause : Play}
          shortcut="Space"
          onClick={player.toggle}
        />
        <Slider
          label={words.scrub}
          value={player.at}
          min={0}
          max={Math.max(player.length, 0.01)}
          step={1 / 32}
          valueText={words.clock(formatClock(player.at), formatClock(player.length))}
          onChange={player.seek}
        />
        <span className="tabular shrink-0 text-xs text-text-muted">
          {words.clock(formatClock(player.at), formatClock(player.length))}
        </span>
        <IconButton
          label={words.loop}
          icon={Repeat}
          aria-pressed={player.loop}
          className={cx(player.loop && 'text-accent')}
          onClick={() => player.setLoop(!player.loop)}
        />
      </div>
    </div>
  );
}
