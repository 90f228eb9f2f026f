import { Pause, Play, Repeat } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Asset } from '@/api/types';
import { IconButton } from '@/components/button';
import { Slider } from '@/components/slider';
import { cx } from '@/lib/class_names';
import { formatClock } from '@/lib/format';
import { useShortcuts } from '@/lib/hooks';
import { assets as words } from '@/lib/messages/assets';

function seekTo(media: HTMLMediaElement, seconds: number): void {
  media.currentTime = seconds;
}

type Player = ReturnType<typeof usePlayer>;

/** Plays what `attach` was given. The space bar starts and stops it. */
export function usePlayer(asset: Asset, isLoop: boolean) {
  const [media, setMedia] = useState<HTMLMediaElement | null>(null);
  const [playing, setPlaying] = useState(false);
  const [loop, setLoop] = useState(isLoop);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState((asset.duration_ms ?? 0) / 1000);
  const toggle = () => {
    // A browser may refuse to play; then the button simply stays "Play".
    if (media?.paused) media.play().catch(() => setPlaying(false));
    else media?.pause();
  };
  const seek = (seconds: number) => {
    if (media) seekTo(media, seconds);
    setAt(seconds);
  };
  useShortcuts({ ' ': toggle });
  // timeupdate comes four times a second; a scrubber wants every frame.
  useEffect(() => {
    if (!playing || !media) return;
    let frame = 0;
    const tick = () => {
      setAt(media.currentTime);
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [playing, media]);
  const events = {
    onPlay: () => setPlaying(true),
    onPause: () => setPlaying(false),
    onLoadedMetadata: (event: { currentTarget: HTMLMediaElement }) => setLength(event.currentTarget.duration),
  };
  return { attach: setMedia, events, playing, loop, setLoop, at, length, toggle, seek };
}

export function PlayerControls({ player }: { player: Omit<Player, 'attach' | 'events'> }) {
  const clock = words.clock(formatClock(player.at), formatClock(player.length));
  return (
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
        valueText={clock}
        onChange={player.seek}
      />
      <span className="tabular shrink-0 text-xs text-text-muted">{clock}</span>
      <IconButton
        label={words.loop}
        icon={Repeat}
        aria-pressed={player.loop}
        className={cx(player.loop && 'bg-accent/20 text-accent!')}
        onClick={() => player.setLoop(!player.loop)}
      />
    </div>
  );
}
