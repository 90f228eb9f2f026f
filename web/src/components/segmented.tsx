import { RadioGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from '@/lib/class_names';

interface Segment<Value extends string> {
  value: Value;
  name: ReactNode;
  /** For screen readers, where the name alone says too little. */
  label?: string;
}

/** A short row of choices of which one holds. */
export function Segmented<Value extends string>(props: {
  label: string;
  value: Value | null;
  segments: readonly Segment<Value>[];
  onChange: (value: Value) => void;
  className?: string;
}) {
  return (
    <RadioGroup.Root
      aria-label={props.label}
      value={props.value}
      onValueChange={(value) => props.onChange(value as Value)}
      orientation="horizontal"
      className={cx('flex rounded-md border border-line bg-surface-sunken p-0.5', props.className)}
    >
      {props.segments.map((segment) => (
        <RadioGroup.Item
          key={segment.value}
          value={segment.value}
          {...(segment.label === undefined ? {} : { 'aria-label': segment.label })}
          className="flex min-h-10 min-w-10 flex-1 items-center justify-center gap-2 rounded-sm px-3 text-sm whitespace-nowrap text-text-muted transition-colors hover:text-text data-[state=checked]:bg-chosen data-[state=checked]:font-semibold data-[state=checked]:text-text data-[state=checked]:ring-1 data-[state=checked]:ring-line-strong"
        >
          {segment.name}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
