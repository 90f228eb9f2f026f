import type { QueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { studioNow } from './apply_event';
import { queryKeys } from './query_keys';
import { addOlder, type Studio } from './studio';

const pageMax = 200;
let reading: Promise<void> | null = null;

async function read(cache: QueryClient): Promise<void> {
  const cursor = studioNow(cache)?.stagingCursor ?? null;
  if (cursor === null) return;
  const page = await api.assets({ state: 'staging', cursor, limit: pageMax });
  cache.setQueryData<Studio>(queryKeys.studio, (studio) =>
    // The lists may have been read anew meanwhile.
    studio?.stagingCursor === cursor ? addOlder(studio, page.items, page.next_cursor) : studio,
  );
}

/** Adds the next page of what is older in the workspace; whoever asks meanwhile waits for the same. */
export function readOlder(cache: QueryClient): Promise<void> {
  reading ??= read(cache).finally(() => {
    reading = null;
  });
  return reading;
}
