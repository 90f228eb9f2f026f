import { Link } from '@tanstack/react-router';
import { Button } from '@/components/button';
import { EmptyState } from '@/components/states';
import { common } from '@/lib/messages/common';

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

export function Crashed() {
  return (
    <EmptyState heading="h1" title={common.crashedTitle} text={common.crashedText}>
      <Button look="primary" className="mt-3" onClick={() => location.reload()}>
        {common.reload}
      </Button>
    </EmptyState>
  );
}
