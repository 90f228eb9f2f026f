import type { QueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Deleted } from '@/api/types';
import { run } from '@/lib/errands';
import { formatBytes } from '@/lib/format';
import { isLibraryEmpty } from '@/lib/library_pages';
import { errands } from '@/lib/messages/errands';
import { library as words } from '@/lib/messages/library';
import { queryKeys } from '@/lib/query_keys';
import { Store } from '@/lib/store';
import { toast } from '@/lib/toasts';
import { countTrashSoon } from '@/lib/trash';

/** Being emptied, and whether the studio has been asked at least once without answering; null: not so. */
export const emptyingStore = new Store<{ silent: boolean } | null>(null);

function textOf({ assets, bytes, remaining }: Deleted): string {
  if (assets === 0) return remaining === 0 ? words.emptiedAlready : words.emptiedNone;
  const text = words.emptied(assets, formatBytes(bytes));
  return remaining === 0 ? text : `${text} ${words.emptiedRest(remaining)}`;
}

/** What goes is told by the event stream, as on every other page. */
export async function emptyTrash(cache: QueryClient): Promise<void> {
  if (emptyingStore.get() !== null) return;
  const wasEmpty = isLibraryEmpty(cache, 'discarded');
  const nothing = { assets: 0, bytes: 0, remaining: 0 };
  await run<Deleted>(cache, {
    about: 'trash',
    what: errands.emptyTrash,
    ask: api.emptyTrash,
    seen: {
      queryKey: queryKeys.libraryOf('discarded'),
      saysLess: true,
      look: () => (!wasEmpty && isLibraryEmpty(cache, 'discarded') ? nothing : undefined),
    },
    begin: () => emptyingStore.set(() => ({ silent: false })),
    onSilence: () => emptyingStore.set((now) => now && { silent: true }),
    takeBack: () => emptyingStore.set(() => null),
    onDone: (deleted) => {
      emptyingStore.set(() => null);
      toast(textOf(deleted));
    },
  });
  countTrashSoon(cache);
}
