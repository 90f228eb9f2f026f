import { Check, type LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { cx } from '@/lib/class_names';
import { isFocusTaken } from '@/lib/focus';
import { useLayer } from './layers';

const itemLook =
  'flex min-h-11 items-center gap-3 rounded-sm px-3 py-2 text-sm outline-none select-none data-disabled:cursor-not-allowed data-disabled:text-text-muted data-highlighted:bg-surface-hover';

interface MenuProps {
  trigger: ReactElement;
  label: string;
  children: ReactNode;
  align?: 'start' | 'center' | 'end';
  /** Both or neither: given, the owner decides whether it is open. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

export function Menu({ trigger, label, children, align = 'start', open, onOpenChange }: MenuProps) {
  const layer = useLayer();
  return (
    <DropdownMenu.Root
      modal={false}
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange ? { onOpenChange } : {})}
    >
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal container={layer}>
        <DropdownMenu.Content
          aria-label={label}
          onCloseAutoFocus={(event) => {
            if (isFocusTaken()) event.preventDefault();
          }}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="animate-appear z-50 max-h-(--radix-dropdown-menu-content-available-height) w-max max-w-[min(360px,calc(100vw-16px))] min-w-48 overflow-y-auto rounded-md border border-line bg-surface-raised p-1 text-text shadow-raised"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  icon?: LucideIcon;
  about?: string;
  children: ReactNode;
  onSelect: () => void;
  disabled?: boolean;
}

export function MenuItem({ icon: Icon, about, children, onSelect, disabled = false }: MenuItemProps) {
  return (
    <DropdownMenu.Item className={itemLook} onSelect={onSelect} disabled={disabled}>
      {Icon && <Icon aria-hidden className="size-4.5 shrink-0 text-text-muted" />}
      <ItemWords about={about}>{children}</ItemWords>
    </DropdownMenu.Item>
  );
}

export function MenuLink({
  icon: Icon,
  children,
  href,
}: {
  icon: LucideIcon;
  children: ReactNode;
  href: string;
}) {
  return (
    <DropdownMenu.Item asChild>
      <a className={itemLook} href={href} download>
        <Icon aria-hidden className="size-4.5 shrink-0 text-text-muted" />
        {children}
      </a>
    </DropdownMenu.Item>
  );
}

function ItemWords({ about, children }: { about?: string | undefined; children: ReactNode }) {
  return (
    <span className="flex min-w-0 flex-col">
      <span>{children}</span>
      {about !== undefined && <span className="text-xs text-text-muted">{about}</span>}
    </span>
  );
}

export interface MenuChoice {
  value: string;
  name: ReactNode;
  about?: string;
  disabled?: boolean;
}

export function MenuChoices(props: {
  label?: string;
  value: string;
  choices: readonly MenuChoice[];
  onChange: (value: string) => void;
}) {
  return (
    <DropdownMenu.RadioGroup value={props.value} onValueChange={props.onChange}>
      {props.label !== undefined && (
        <DropdownMenu.Label className="px-3 pt-2 pb-1 text-xs text-text-muted">
          {props.label}
        </DropdownMenu.Label>
      )}
      {props.choices.map((choice) => (
        <DropdownMenu.RadioItem
          key={choice.value}
          value={choice.value}
          disabled={choice.disabled ?? false}
          className={cx(itemLook, 'justify-between')}
        >
          <ItemWords about={choice.about}>{choice.name}</ItemWords>
          <span className="size-4.5 shrink-0">
            <DropdownMenu.ItemIndicator>
              <Check aria-hidden className="size-4.5 text-accent" />
            </DropdownMenu.ItemIndicator>
          </span>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

export function MenuLine() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
}
