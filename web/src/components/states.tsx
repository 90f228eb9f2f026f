import { TriangleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '@/lib/class_names';
import { usePageTitle } from '@/lib/page_title';

export function EmptyState(props: {
  icon?: LucideIcon;
  title: string;
  text: string;
  /** h1 where it is the whole page. */
  heading?: 'h1' | 'h2';
  children?: ReactNode;
}) {
  const Icon = props.icon;
  const Heading = props.heading ?? 'h2';
  usePageTitle(Heading === 'h1' ? props.title : null);
  return (
    <div className="mx-auto flex max-w-lg flex-col items-center gap-2 px-4 py-12 text-center lg:pt-[16dvh]">
      {Icon && <Icon aria-hidden className="mb-2 size-8 text-text-muted" />}
      <Heading className="text-lg font-semibold">{props.title}</Heading>
      <p className="text-text-muted">{props.text}</p>
      {props.children}
    </div>
  );
}

export function Chips(props: {
  choices: readonly string[];
  label?: (choice: string) => string;
  onChoose: (choice: string) => void;
}) {
  return (
    <ul className="mt-3 flex flex-wrap justify-center gap-2">
      {props.choices.map((choice) => (
        <li key={choice}>
          <button
            type="button"
            dir="auto"
            aria-label={props.label?.(choice)}
            onClick={() => props.onChoose(choice)}
            className="min-h-11 rounded-full border border-line bg-surface-raised px-4 py-2 text-sm transition-colors hover:border-line-strong hover:bg-surface-hover"
          >
            {choice}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Says what happened and what comes next, at the place where it matters. */
export function Notice(props: {
  tone?: 'plain' | 'warn' | 'danger';
  children: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  const tone = props.tone ?? 'plain';
  return (
    <div
      className={cx(
        'flex items-center gap-3 rounded-md border border-line bg-surface-raised px-3 py-2 text-sm',
        props.className,
      )}
    >
      {tone !== 'plain' && (
        <TriangleAlert
          aria-hidden
          className={cx('size-4.5 shrink-0', tone === 'warn' ? 'text-warn' : 'text-danger')}
        />
      )}
      <div className="min-w-0 grow">{props.children}</div>
      {props.action}
    </div>
  );
}

export function PageHeader(props: {
  title: string;
  about?: string;
  /** The part of the page that is open, where it has several. */
  part?: string;
  children?: ReactNode;
}) {
  usePageTitle(props.part ?? props.title);
  return (
    <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-3 pt-3 pb-3 sm:px-6 sm:pt-5 short:py-1">
      <div className="flex min-h-11 min-w-0 flex-col justify-center">
        <h1 className="text-lg font-semibold sm:text-xl">{props.title}</h1>
        {props.about !== undefined && (
          <p className="text-text-muted max-sm:sr-only short:sr-only">{props.about}</p>
        )}
      </div>
      {props.children}
    </header>
  );
}
