import { ArrowUp } from 'lucide-react';
import { stopSelector } from '@/lib/focus';
import { staging as words } from '@/lib/messages/staging';

/** Lies over the first row and takes no room, so that its coming moves nothing. */
export function ArrivalsChip({ count, onShow }: { count: number; onShow: () => void }) {
  const show = (scroller: Element | null) => {
    onShow();
    requestAnimationFrame(() => {
      scroller?.scrollTo({ top: 0 });
      scroller?.querySelector<HTMLElement>(stopSelector)?.focus({ preventScroll: true });
    });
  };
  return (
    <div role="status" className="sticky top-2 z-10 flex h-0 justify-center">
      {count > 0 && (
        <button
          type="button"
          aria-label={words.showArrived(count)}
          onClick={(event) => show(event.currentTarget.closest('[data-scroller]'))}
          className="tabular animate-appear mt-1 inline-flex h-11 items-center gap-2 rounded-full bg-accent px-4 text-sm font-semibold text-on-accent shadow-raised"
        >
          <ArrowUp aria-hidden className="size-4" />
          {words.arrived(count)}
        </button>
      )}
    </div>
  );
}
