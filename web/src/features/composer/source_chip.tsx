import { ChevronDown, X } from 'lucide-react';
import type { Kind } from '@/api/types';
import { IconButton } from '@/components/button';
import { Help } from '@/components/help';
import { PopOver } from '@/components/pop_over';
import { Segmented } from '@/components/segmented';
import { Slider } from '@/components/slider';
import { cx } from '@/lib/class_names';
import { changeDraft, strengths, type Draft } from '@/lib/draft';
import { composer as words } from '@/lib/messages/composer';
import { making } from '@/lib/messages/making';
import { chipLook } from './choices';

const presets = [
  { value: 'little', name: words.strengthLittle },
  { value: 'half', name: words.strengthHalf },
  { value: 'lot', name: words.strengthLot },
] as const;

const presetOf = (strength: number) =>
  presets.find((preset) => strengths[preset.value] === strength)?.value ?? null;

export function SourceChip(props: {
  kind: Kind | null;
  source: NonNullable<Draft['source']>;
  strength: number;
  /** Small, in the row of what can be chosen. */
  inRow?: boolean;
}) {
  const { kind, source, strength, inRow = false } = props;
  const clip = kind?.medium === 'video';
  const preset = presetOf(strength);
  const amount =
    preset === null ? making.percent(strength) : presets.find((one) => one.value === preset)?.name;
  return (
    <div
      role="group"
      aria-label={words.source}
      className={cx('flex items-center', inRow ? 'gap-0.5' : 'mb-2 gap-3 rounded-md bg-surface-sunken p-1.5')}
      data-source={source.id}
    >
      <img
        src={source.thumbnail}
        alt=""
        className={cx('rounded-sm object-cover', inRow ? 'h-9' : 'h-11')}
        style={{ aspectRatio: Math.min(2, Math.max(0.5, source.aspect)) }}
      />
      <span className={inRow ? 'sr-only' : 'min-w-0 flex-1 text-sm'}>
        {kind?.image_to_image === false ? words.sourceUnsupported : clip ? words.sourceFrame : words.source}
      </span>
      {!clip && kind?.image_to_image !== false && (
        <PopOver
          className="w-80"
          trigger={
            <button type="button" aria-label={`${words.sourceChange}: ${amount ?? ''}`} className={chipLook}>
              {amount}
              <ChevronDown aria-hidden className="size-3.5 text-text-muted" />
            </button>
          }
        >
          <div className="mb-1 flex items-center gap-1">
            <span className="font-medium">{words.strength}</span>
            <Help topic={words.strength} text={words.strengthHelp} />
            <span className="tabular ml-auto text-text-muted">{making.percent(strength)}</span>
          </div>
          <Segmented
            label={words.strength}
            value={preset}
            segments={presets}
            onChange={(value) => changeDraft({ strength: strengths[value] })}
          />
          <Slider
            label={words.strengthExact}
            value={strength}
            min={0.05}
            max={1}
            step={0.05}
            valueText={making.percent(strength)}
            onChange={(value) => changeDraft({ strength: Number(value.toFixed(2)) })}
          />
        </PopOver>
      )}
      <IconButton label={words.removeSource} icon={X} onClick={() => changeDraft({ source: null })} />
    </div>
  );
}
