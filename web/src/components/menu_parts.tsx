import { Check, type LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState, type ReactNode, type RefObject } from 'react';
import { createPortal } from 'react-dom';
import { cx } from '@/lib/class_names';
import { isFocusTaken } from '@/lib/focus';
import { useLayer } from './layers';
import type { MenuChoice } from './menu';

const itemLook =
  'flex min-h-11 items-center gap-3 rounded-sm px-3 py-2 text-sm outline-none select-none data-disabled:cursor-not-allowed data-disabled:text-text-muted data-highlighted:bg-surface-hover';

interface OpenMenuProps {
  /** Holds the button that the menu belongs to. */
  place: RefObject<HTMLElement | null>;
  label: string;
  align: 'start' | 'center' | 'end';
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
}

const firstItem = '[role^="menuitem"]:not([data-disabled])';

/** An open menu. Its button is not the library's, but a place of the same size in front of it. */
export function OpenMenu({ place, label, align, onOpenChange, children }: OpenMenuProps) {
  const layer = useLayer();
  const button = () => place.current?.firstElementChild as HTMLElement | null | undefined;
  // A key may have opened it from elsewhere than its button.
  const [opener] = useState(() => {
    const element = document.activeElement;
    return { element, byKey: element?.matches(':focus-visible') ?? false };
  });
  const putBefore = (anchor: HTMLElement | null) => {
    const box = button()?.getBoundingClientRect();
    if (!anchor || !box) return;
    const { left, top, width, height } = box;
    Object.assign(anchor.style, {
      left: `${left}px`,
      top: `${top}px`,
      width: `${width}px`,
      height: `${height}px`,
    });
  };
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={onOpenChange}>
      {createPortal(
        <DropdownMenu.Trigger asChild>
          <span ref={putBefore} aria-hidden className="pointer-events-none fixed" />
        </DropdownMenu.Trigger>,
        layer ?? document.body,
      )}
      <DropdownMenu.Portal container={layer}>
        <DropdownMenu.Content
          aria-label={label}
          aria-labelledby={undefined}
          ref={(content) => {
            if (opener.byKey) content?.querySelector<HTMLElement>(firstItem)?.focus();
          }}
          onInteractOutside={(event) => {
            // The button closes it by itself.
            if (event.target instanceof Node && place.current?.contains(event.target)) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (isFocusTaken()) return;
            const { element } = opener;
            const isPlace =
              element instanceof HTMLElement && element.isConnected && element !== document.body;
            (isPlace ? element : button())?.focus();
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
