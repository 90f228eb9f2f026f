import { Slider as Radix } from 'radix-ui';

export function Slider(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  valueText?: string;
  onChange: (value: number) => void;
}) {
  return (
    <Radix.Root
      value={[props.value]}
      min={props.min}
      max={props.max}
      step={props.step}
      onValueChange={([value]) => {
        if (value !== undefined) props.onChange(value);
      }}
      className="relative flex h-11 w-full touch-none items-center select-none"
    >
      <Radix.Track className="relative h-1 grow rounded-full bg-line-strong">
        <Radix.Range className="absolute h-full rounded-full bg-accent" />
      </Radix.Track>
      <Radix.Thumb
        aria-label={props.label}
        {...(props.valueText === undefined ? {} : { 'aria-valuetext': props.valueText })}
        className="block size-5 rounded-full border-2 border-surface-raised bg-accent"
      />
    </Radix.Root>
  );
}
