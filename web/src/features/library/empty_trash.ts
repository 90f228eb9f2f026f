import type { QueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Deleted } from '@/api/types';
import { formatBytes } from '@/lib/format';
import { errorText } from '@/lib/messages/common';
import { library as words } from '@/lib/messages/library';
import { toast } from '@/lib/toasts';
import { countTrashSoon } from '@/lib/trash';

function textOf({ assets, bytes, remaining }: Deleted): string {
  if (assets === 0) return remaining === 0 ? words.emptiedAlready : words.emptiedNone;
  const text = words.emptied(assets, formatBytes(bytes));
  return remaining === 0 ? text : `${text} ${words.emptiedRest(remaining)}`;
}

/** What goes is told by the event stream, as on every other page. */
export async function emptyTrash(cache: QueryClient): Promise<void> {
  try {
    toast(textOf(await api.emptyTrash()));
  } catch (error) {
    toast(errorText(error), { tone: 'danger' });
  }
  countTrashSoon(cache);
}
