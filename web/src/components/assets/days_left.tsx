import { Timer } from 'lucide-react';
import { useState } from 'react';
import type { Asset } from '@/api/types';
import { assets as words } from '@/lib/messages/assets';
import { daysLeft, useTrash } from '@/lib/trash';

/** For how many days it can still be brought back; null until the studio has said how long things stay in the trash. */
function useDaysLeft(asset: Asset): number | null {
  const trash = useTrash();
  const [now] = useState(Date.now);
  return trash && daysLeft(asset, trash.kept_days, now);
}

/** On a tile of the trash. */
export function DaysMark({ asset }: { asset: Asset }) {
  const days = useDaysLeft(asset);
  if (days === null) return null;
  return (
    <span className="tabular pointer-events-none absolute top-2 right-2 flex items-center gap-1 rounded-sm bg-scrim px-1.5 py-0.5 text-xs text-on-scrim">
      <Timer aria-hidden className="size-3" />
      <span aria-hidden>{words.daysLeft(days)}</span>
      <span className="sr-only">{words.daysLeftAbout(days)}</span>
    </span>
  );
}

/** Beside how it was made. */
export function DaysNote({ asset }: { asset: Asset }) {
  const days = useDaysLeft(asset);
  return days === null ? null : <p className="tabular text-sm text-warn">{words.daysLeftAbout(days)}</p>;
}
