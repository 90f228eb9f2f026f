import {
  ChevronDown,
  Clapperboard,
  Image,
  RectangleHorizontal,
  RectangleVertical,
  Square,
} from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import type { Kind } from '@/api/types';
import { Menu, MenuChoices, type MenuChoice } from '@/components/menu';
import { bestOf, creditsAtMost, enlargerOf, pairOf } from '@/lib/best_of';
import { cx } from '@/lib/class_names';
import { batchOf, changeDraft, sizeOf, sortedMakers, type Draft } from '@/lib/draft';
import { composer as words } from '@/lib/messages/composer';
import { eta, kindNames, making, sizeNames } from '@/lib/messages/making';

export const chipLook =
  'inline-flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-md px-2 text-sm whitespace-nowrap text-text transition-colors hover:bg-surface-hover disabled:opacity-50 disabled:hover:bg-transparent lg:px-3';

interface TriggerProps extends ComponentProps<'button'> {
  label: string;
  value: string;
  icon: ReactNode;
  /** On a phone the icon alone says it. */
  iconOnly?: boolean;
  /** Gives way where there is little room. */
  mayShrink?: boolean;
}

function Trigger({ label, value, icon, iconOnly = false, mayShrink = false, ...rest }: TriggerProps) {
  return (
    <button
      type="button"
      aria-label={`${label}: ${value}`}
      className={cx(chipLook, !mayShrink && 'shrink-0')}
      {...rest}
    >
      {icon}
      <span className={cx('truncate', iconOnly && 'max-lg:sr-only')}>{value}</span>
      <ChevronDown
        aria-hidden
        className={cx('size-3.5 shrink-0 text-text-muted', iconOnly ? 'max-lg:hidden' : 'max-sm:hidden')}
      />
    </button>
  );
}

function aboutKind(kind: Kind): string {
  if (!kind.available) return kind.unavailable_reason ?? words.unavailable;
  const time =
    typeof kind.eta_low_ms === 'number' && typeof kind.eta_high_ms === 'number'
      ? eta(kind.eta_low_ms, kind.eta_high_ms)
      : null;
  return [kindNames[kind.name].about, kind.model_title, time].filter(Boolean).join(' · ');
}

const groups: [string, (kind: Kind) => boolean][] = [
  [words.pictures, (kind) => kind.name.startsWith('sdxl_')],
  [words.stills, (kind) => kind.name.startsWith('image_')],
  [words.clips, (kind) => kind.medium === 'video'],
];

export function KindChoice({ kinds, kind }: { kinds: readonly Kind[]; kind: Kind | null }) {
  const makers = sortedMakers(kinds);
  const Icon = kind?.medium === 'video' ? Clapperboard : Image;
  return (
    <Menu
      label={words.kind}
      trigger={
        <Trigger
          label={words.kind}
          value={kind ? kindNames[kind.name].name : words.kindUnknown}
          icon={<Icon aria-hidden className="size-4 shrink-0 text-accent" />}
          mayShrink
        />
      }
    >
      {groups.map(([name, belongs]) => {
        const choices = makers.filter(belongs).map((one): MenuChoice => ({
          value: one.name,
          name: kindNames[one.name].name,
          about: aboutKind(one),
          disabled: !one.available,
        }));
        return choices.length === 0 ? null : (
          <MenuChoices
            key={name}
            label={name}
            value={kind?.name ?? ''}
            choices={choices}
            onChange={(value) => changeDraft({ kind: value })}
          />
        );
      })}
    </Menu>
  );
}

const bestPrefix = 'best:';

/** How many, or the best of how many. */
export function BatchChoice({ draft, kind, kinds }: { draft: Draft; kind: Kind; kinds: readonly Kind[] }) {
  const pair = pairOf(kind, kinds);
  if (kind.batches.length < 2 && !pair) return null;
  const best = bestOf(draft, kind, kinds);
  const count = batchOf(draft, best?.quick ?? kind);
  const choose = (value: string) => {
    const keepBest = value.startsWith(bestPrefix);
    changeDraft({ keepBest, batch: Number(keepBest ? value.slice(bestPrefix.length) : value) });
  };
  const value = best ? `${bestPrefix}${count}` : String(count);
  const enlarger = enlargerOf(kinds);
  return (
    <Menu
      label={words.batch}
      trigger={<Trigger label={words.batch} value={best ? words.bestOf(count) : `× ${count}`} icon={null} />}
    >
      <MenuChoices
        value={value}
        choices={kind.batches.map((count) => ({ value: String(count), name: words.batchOf(count) }))}
        onChange={choose}
      />
      {pair && (
        <MenuChoices
          label={words.keepBest}
          value={value}
          choices={pair.quick.batches.map((count) => ({
            value: `${bestPrefix}${count}`,
            name: words.bestOf(count),
            about: words.bestAbout(count, priceAtMost(creditsAtMost(pair, count))),
          }))}
          onChange={choose}
        />
      )}
      {best && enlarger && (
        <MenuChoices
          label={words.andThen}
          value={best.enlarge ? enlarger.name : ''}
          choices={[
            { value: '', name: words.asItIs },
            {
              value: enlarger.name,
              name: words.enlarged,
              about: words.enlargedAbout(making.credits(enlarger.credits ?? 0)),
            },
          ]}
          onChange={(chosen) => changeDraft({ enlarge: chosen !== '' })}
        />
      )}
    </Menu>
  );
}

const priceAtMost = (credits: number): string =>
  credits === 0 ? making.free : making.creditsAtMost(credits);

const shapes = { square: Square, portrait: RectangleVertical, landscape: RectangleHorizontal } as const;

export function SizeChoice({ kind, draft }: { kind: Kind; draft: Draft }) {
  const now = sizeOf(draft, kind);
  if (!now || kind.sizes.length < 2) return null;
  const Icon = shapes[now.label];
  const key = (size: { width: number; height: number }) => `${size.width}x${size.height}`;
  return (
    <Menu
      label={words.size}
      trigger={
        <Trigger
          label={words.size}
          value={sizeNames[now.label] ?? now.label}
          icon={<Icon aria-hidden className="size-4" />}
          iconOnly
        />
      }
    >
      <MenuChoices
        value={key(now)}
        choices={kind.sizes.map((size) => ({
          value: key(size),
          name: sizeNames[size.label] ?? size.label,
          about: words.pixels(size.width, size.height),
        }))}
        onChange={(value) => {
          const size = kind.sizes.find((one) => key(one) === value);
          if (size) changeDraft({ size: { width: size.width, height: size.height } });
        }}
      />
    </Menu>
  );
}
