import { cloneElement, lazy, Suspense, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { useBackCloses } from '@/lib/layer_history';

// What a menu is made of comes when the first one is opened, or when nothing else is to be done.
const parts = () => import('./menu_parts');
const OpenMenu = lazy(() => parts().then(({ OpenMenu }) => ({ default: OpenMenu })));
export const MenuItem = lazy(() => parts().then(({ MenuItem }) => ({ default: MenuItem })));
export const MenuLink = lazy(() => parts().then(({ MenuLink }) => ({ default: MenuLink })));
export const MenuChoices = lazy(() => parts().then(({ MenuChoices }) => ({ default: MenuChoices })));
export const MenuLine = lazy(() => parts().then(({ MenuLine }) => ({ default: MenuLine })));

export interface MenuChoice {
  value: string;
  name: ReactNode;
  about?: string;
  disabled?: boolean;
}

type Trigger = ReactElement<{
  onClick?: () => void;
  'aria-haspopup'?: 'menu';
  'aria-expanded'?: boolean;
}>;

interface MenuProps {
  trigger: Trigger;
  label: string;
  children: ReactNode;
  align?: 'start' | 'center' | 'end';
  /** Both or neither: given, the owner decides whether it is open. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

export function Menu({ trigger, label, children, align = 'start', open, onOpenChange }: MenuProps) {
  const place = useRef<HTMLSpanElement>(null);
  const [own, setOwn] = useState(false);
  const isOpen = open ?? own;
  const change = (next: boolean) => {
    setOwn(next);
    onOpenChange?.(next);
  };
  useBackCloses(isOpen, () => change(false));
  return (
    <>
      <span ref={place} className="contents">
        {cloneElement(trigger, {
          onClick: () => change(!isOpen),
          'aria-haspopup': 'menu',
          'aria-expanded': isOpen,
        })}
      </span>
      {isOpen && (
        <Suspense>
          <OpenMenu place={place} label={label} align={align} onOpenChange={change}>
            {children}
          </OpenMenu>
        </Suspense>
      )}
    </>
  );
}
