import { useState, type ComponentProps } from 'react';
import { NoticeLine } from '@/components/notice_line';
import { useDesktop } from '@/lib/hooks';
import { common } from '@/lib/messages/common';
import { composer as words } from '@/lib/messages/composer';

/** Several are one line on a phone until they are asked for, so that they leave the pictures in sight. */
export function NoticeLines({ notices }: { notices: readonly ComponentProps<typeof NoticeLine>[] }) {
  const desktop = useDesktop();
  const [open, setOpen] = useState(false);
  const [first] = notices;
  if (!first) return null;
  const lines = notices.map((notice) => <NoticeLine key={notice.text} {...notice} />);
  if (desktop) return lines;
  if (notices.length === 1) return <div className="min-h-13 overflow-y-auto">{lines}</div>;
  if (!open) {
    const label = words.notices(notices.length);
    return (
      <div className="shrink-0">
        <NoticeLine key={first.text} text={first.text} folded action={{ label, run: () => setOpen(true) }} />
      </div>
    );
  }
  return (
    <div data-notices className="max-h-44 shrink-0 overflow-y-auto">
      {lines}
      <button
        type="button"
        onClick={() => setOpen(false)}
        className="mb-1 min-h-11 w-full rounded-md text-sm font-semibold text-accent hover:bg-surface-hover"
      >
        {common.showLess}
      </button>
    </div>
  );
}
