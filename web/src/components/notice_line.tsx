import { ChevronDown, CircleAlert, X } from 'lucide-react';
import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { cx } from '@/lib/class_names';
import { common } from '@/lib/messages/common';
import { IconButton } from './button';

interface NoticeLineProps {
  tone?: 'plain' | 'danger';
  text: string;
  /** What stands behind it, shown when it is asked for by this name. */
  more?: { label: string; text: string } | undefined;
  action?: { label: string; run: () => void };
  /** Below the line: what can be done about it. */
  below?: ReactNode;
  /** It is cut, and opened with others by its action. */
  folded?: boolean;
  /** Absent where it goes by itself. */
  onClose?: () => void;
}

/** Something to know in one line, however long it is; it can be opened, and put away. */
export function NoticeLine(props: NoticeLineProps) {
  const { tone = 'plain', text, more, action, below, folded = false, onClose } = props;
  const line = useRef<HTMLParagraphElement>(null);
  const [open, setOpen] = useState(false);
  const [isCut, setCut] = useState(false);
  useLayoutEffect(() => {
    const watched = line.current;
    if (!watched) return;
    const measure = () => setCut(open || watched.scrollWidth > watched.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(watched);
    return () => observer.disconnect();
  }, [text, open]);
  return (
    <div data-notice className="mb-2 rounded-md border border-line bg-surface pl-3 text-sm">
      <div className="flex items-start">
        {tone === 'danger' && <CircleAlert aria-hidden className="mt-3 mr-2 size-4.5 shrink-0 text-danger" />}
        <p
          ref={line}
          role={tone === 'danger' ? 'alert' : 'status'}
          dir="auto"
          className={cx('min-w-0 grow py-3', open ? 'max-h-40 overflow-y-auto break-words' : 'truncate')}
        >
          {text}
          {open && more && <span className="block pt-1 text-text-muted">{more.text}</span>}
        </p>
        {!folded && (isCut || more) && (
          <IconButton
            label={open ? common.showLess : (more?.label ?? common.showAll)}
            icon={ChevronDown}
            aria-expanded={open}
            className={cx(open && 'rotate-180')}
            onClick={() => setOpen(!open)}
          />
        )}
        {action && (
          <button
            type="button"
            onClick={action.run}
            aria-expanded={folded ? false : undefined}
            className="min-h-11 shrink-0 rounded-sm px-3 font-semibold text-accent hover:bg-surface-hover"
          >
            {action.label}
          </button>
        )}
        {onClose && (
          <IconButton label={common.close} icon={X} className="text-text-muted" onClick={onClose} />
        )}
      </div>
      {below}
    </div>
  );
}
