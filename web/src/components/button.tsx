import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from '@/lib/class_names';

const looks = {
  primary:
    'bg-accent text-on-accent font-semibold hover:brightness-110 aria-disabled:bg-surface-hover aria-disabled:text-text-muted aria-disabled:hover:brightness-100',
  danger: 'bg-danger text-on-danger font-semibold hover:brightness-110',
  secondary:
    'bg-surface-raised text-text border border-line hover:bg-surface-hover aria-disabled:text-text-muted',
  ghost: 'text-text hover:bg-surface-hover aria-disabled:text-text-muted',
  /** Over a picture: the whole 44 pixels can be pressed, a smaller disc is seen. */
  scrim: 'group/disc text-on-scrim',
} as const;

interface ButtonProps extends ComponentProps<'button'> {
  look?: keyof typeof looks;
  icon?: LucideIcon;
}

export function Button({ look = 'secondary', icon: Icon, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={cx(
        'inline-flex min-h-11 items-center justify-center gap-2 rounded-md px-4 text-sm whitespace-nowrap transition-[background-color,filter] select-none disabled:opacity-50 aria-disabled:cursor-not-allowed',
        looks[look],
        className,
      )}
      {...rest}
    >
      {Icon && <Icon aria-hidden className="size-4.5 shrink-0" />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  label: string;
  icon: LucideIcon;
  look?: keyof typeof looks;
  /** What it does, where its name does not say all of it. */
  hint?: string;
  /** Key that does the same, shown in the tooltip; see hint_host. */
  shortcut?: string;
}

export function IconButton({
  label,
  icon: Icon,
  look = 'ghost',
  hint,
  shortcut,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      data-hint={hint ?? label}
      data-hint-key={shortcut}
      className={cx(
        'inline-flex size-11 shrink-0 items-center justify-center rounded-md transition-colors select-none disabled:opacity-50',
        looks[look],
        className,
      )}
      {...rest}
    >
      {look === 'scrim' ? (
        <span className="grid size-8 place-items-center rounded-full bg-scrim/85 transition-colors lg:size-9 group-hover/disc:bg-darkroom">
          <Icon aria-hidden className="size-4.5" />
        </span>
      ) : (
        <Icon aria-hidden className="size-5" />
      )}
    </button>
  );
}
