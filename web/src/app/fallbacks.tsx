import { Link } from '@tanstack/react-router';
import { WifiOff } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '@/components/button';
import { EmptyState } from '@/components/states';
import { connection } from '@/lib/live';
import { common } from '@/lib/messages/common';
import { useStore } from '@/lib/store';

export function NotFound() {
  return (
    <EmptyState heading="h1" title={common.notFoundTitle} text={common.notFoundText}>
      <Link
        to="/"
        className="mt-3 inline-flex min-h-11 items-center rounded-md bg-accent px-4 font-semibold text-on-accent"
      >
        {common.toWorkspace}
      </Link>
    </EmptyState>
  );
}

/** What a browser says, in its own words, when the code of a page could not be fetched. */
const isUnfetched = (error: unknown) =>
  error instanceof TypeError && /import|fetch|load/i.test(error.message);

export function Crashed({ error }: { error: unknown }) {
  return isUnfetched(error) ? <Unfetched /> : <Broken />;
}

/** Loads itself again when the studio answers, but never twice in a row. */
const reloadsApartMs = 20_000;
const reloadedKey = 'ourvidz.reloaded';

function Unfetched() {
  const { state } = useStore(connection);
  useEffect(() => {
    if (state !== 'live') return;
    const last = Number(sessionStorage.getItem(reloadedKey) ?? 0);
    if (Date.now() - last < reloadsApartMs) return;
    sessionStorage.setItem(reloadedKey, String(Date.now()));
    location.reload();
  }, [state]);
  return (
    <EmptyState icon={WifiOff} heading="h1" title={common.unfetchedTitle} text={common.unfetchedText}>
      <Button look="primary" className="mt-3" onClick={() => location.reload()}>
        {common.reload}
      </Button>
    </EmptyState>
  );
}

function Broken() {
  return (
    <EmptyState heading="h1" title={common.crashedTitle} text={common.crashedText}>
      <Button look="primary" className="mt-3" onClick={() => location.reload()}>
        {common.reload}
      </Button>
    </EmptyState>
  );
}
