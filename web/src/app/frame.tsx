import { Link, Outlet } from '@tanstack/react-router';
import { Ellipsis, Images, MessagesSquare, Sparkles, WifiOff, type LucideIcon } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { ToastSlot } from '@/components/toasts';
import { announcement } from '@/lib/announce';
import { fromBase } from '@/lib/base';
import { contentId } from '@/lib/focus';
import { useMediaQuery, useShortcuts } from '@/lib/hooks';
import { connection } from '@/lib/live';
import { common } from '@/lib/messages/common';
import { useWindowTitle } from '@/lib/page_title';
import { openShortcuts, shortcutsHelp } from '@/lib/shortcuts_help';
import { useStore } from '@/lib/store';
import { undoLast } from '@/lib/toasts';

const ShortcutsSheet = lazy(() =>
  import('@/components/shortcuts_sheet').then(({ ShortcutsSheet }) => ({ default: ShortcutsSheet })),
);

const HintHost = lazy(() => import('@/components/hint_host').then(({ HintHost }) => ({ default: HintHost })));

const places: { to: '/' | '/library' | '/chat' | '/more'; name: string; icon: LucideIcon }[] = [
  { to: '/', name: common.workspace, icon: Sparkles },
  { to: '/library', name: common.library, icon: Images },
  { to: '/chat', name: common.chat, icon: MessagesSquare },
  { to: '/more', name: common.more, icon: Ellipsis },
];

/** The one frame of every page: a rail on the left of a desktop, a bar under the thumb on a phone. */
export function Frame() {
  useShortcuts({ '?': openShortcuts, u: undoLast });
  useWindowTitle();
  const help = useStore(shortcutsHelp);
  const canHover = useMediaQuery('(hover: hover)');
  return (
    <>
      <a
        href={`#${contentId}`}
        onClick={(event) => {
          event.preventDefault();
          document.getElementById(contentId)?.focus();
        }}
        className="absolute top-2 left-2 z-60 -translate-y-20 rounded-md bg-accent px-4 py-3 font-semibold text-on-accent focus:translate-y-0"
      >
        {common.skipToContent}
      </a>
      <div className="flex h-dvh flex-col-reverse rail:flex-row">
        <Navigation />
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <ConnectionBanner />
          <main id={contentId} tabIndex={-1} className="min-h-0 flex-1 focus:outline-none">
            <Outlet />
          </main>
          <ToastSlot layer="frame" />
        </div>
      </div>
      <Suspense>
        {help && <ShortcutsSheet />}
        {canHover && <HintHost />}
      </Suspense>
      <Announcer />
    </>
  );
}

function Navigation() {
  return (
    <nav
      aria-label={common.mainNavigation}
      className="z-10 flex shrink-0 border-line bg-surface border-t pb-[env(safe-area-inset-bottom)] rail:w-22 rail:flex-col rail:gap-1 rail:overflow-y-auto rail:border-t-0 rail:border-r rail:px-2 rail:py-4 short:py-1"
    >
      <span aria-hidden className="mb-4 hidden place-items-center lg:grid short:hidden">
        <img src={fromBase('/icon.svg')} alt="" className="size-9" />
      </span>
      {places.map(({ to, name, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === '/', includeSearch: false }}
          className="flex min-h-14 flex-1 flex-col items-center justify-center gap-1 rounded-md nav-label text-text-muted transition-colors hover:text-text data-[status=active]:font-semibold data-[status=active]:text-text data-[status=active]:[&>svg]:text-accent rail:min-h-16 rail:flex-none rail:hover:bg-surface-hover rail:data-[status=active]:bg-surface-hover short:min-h-14"
        >
          <Icon aria-hidden className="size-5.5" />
          {name}
        </Link>
      ))}
    </nav>
  );
}

/** A short cut heals unnoticed; only a longer one is worth a word. */
const bannerAfterMs = 1_500;

function ConnectionBanner() {
  const now = useStore(connection);
  const [shown, setShown] = useState(false);
  const lost = now.state === 'lost';
  useEffect(() => {
    if (!lost) return;
    const timer = setTimeout(() => setShown(true), bannerAfterMs);
    return () => {
      clearTimeout(timer);
      setShown(false);
    };
  }, [lost]);
  return (
    <div role="status">
      {shown && (
        <p className="flex items-center gap-3 border-b border-line bg-surface-hover px-4 py-2.5 text-sm">
          <WifiOff aria-hidden className="size-4.5 shrink-0 text-warn" />
          {now.state === 'lost' && now.silent ? common.studioSilent : common.connectionLost}
        </p>
      )}
    </div>
  );
}

function Announcer() {
  const sentence = useStore(announcement);
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {sentence}
    </p>
  );
}
