import { useQueryClient } from '@tanstack/react-query';
import { ShieldAlert } from 'lucide-react';
import type { Asset } from '@/api/types';
import { Button } from '@/components/button';
import { staging as words } from '@/lib/messages/staging';
import { useStore } from '@/lib/store';
import { heldWork, removeHidden, stopHeldWork } from './held';

interface HeldBarProps {
  hidden: readonly Asset[];
  /** Whether there may be more on pages that are not here yet. */
  more: boolean;
  open: boolean;
  onOpen: (open: boolean) => void;
}

const isRefused = ({ verdict }: Asset): boolean =>
  verdict.decision === 'refuse' || verdict.decision === 'refuse_severe';

function titleOf({ hidden, more }: HeldBarProps): { title: string; about: string } {
  const refused = hidden.filter(isRefused).length;
  const { length } = hidden;
  if (refused === 0) return { title: words.held(length, more), about: words.heldAbout };
  if (refused === length) return { title: words.refused(length, more), about: words.refusedAbout };
  return { title: words.hidden(length, more), about: words.hiddenAbout };
}

/** Stands for the many that are not shown, so that they do not take the place of what is. */
export function HeldBar(props: HeldBarProps) {
  const cache = useQueryClient();
  const work = useStore(heldWork);
  const { title, about } = titleOf(props);
  return (
    <section
      aria-label={words.heldRegion}
      data-held-bar
      className="mx-3 mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md border border-line bg-surface-raised py-2 pr-2 pl-3 sm:mx-6"
    >
      <ShieldAlert aria-hidden className="size-5 shrink-0 text-warn" />
      <div className="min-w-44 flex-1 sm:py-0.5">
        {work ? (
          <Progress {...work} />
        ) : (
          <>
            <p className="tabular font-semibold">{title}</p>
            <p className="text-xs text-text-muted max-sm:sr-only">{about}</p>
          </>
        )}
      </div>
      <div className="ml-auto flex gap-1">
        <Button
          look="ghost"
          aria-expanded={props.open}
          aria-label={props.open ? words.hideHeld : words.showHeld}
          onClick={() => props.onOpen(!props.open)}
        >
          {props.open ? words.hide : words.show}
        </Button>
        <Button
          className="tabular"
          onClick={() => (work ? stopHeldWork() : void removeHidden(cache))}
          {...(work ? {} : { 'aria-label': words.removeAllOf(title) })}
        >
          {work ? words.stop : words.removeAll}
        </Button>
      </div>
    </section>
  );
}

function Progress({ removing, done, of }: { removing: boolean; done: number; of: number | null }) {
  const text =
    of === null ? words.counting : removing ? words.removing(done, of) : words.bringingBack(done, of);
  return (
    <div
      role="progressbar"
      aria-label={removing ? words.removingAll : words.bringingAllBack}
      aria-valuetext={text}
      {...(of === null ? {} : { 'aria-valuemin': 0, 'aria-valuemax': of, 'aria-valuenow': done })}
      className="tabular"
    >
      <p className="font-semibold">{text}</p>
      <div className="mt-1.5 h-1 max-w-64 overflow-hidden rounded-full bg-surface-sunken">
        <div
          className="h-full origin-left bg-accent"
          style={{ transform: `scaleX(${of === null || of === 0 ? 0 : done / of})` }}
        />
      </div>
    </div>
  );
}
