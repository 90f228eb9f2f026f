import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Asset, AssetPage, AssetState } from '@/api/types';
import { queryKeys } from './query_keys';

type Pages = InfiniteData<AssetPage, string | null>;

/** The pages of one state after an asset has changed: added at its place, replaced, or taken out. */
export function foldPages(pages: Pages, state: AssetState, asset: Asset): Pages {
  const known = pages.pages.some((page) => page.items.some((item) => item.id === asset.id));
  if (asset.state !== state) {
    if (!known) return pages;
    return mapItems(pages, (items) => items.filter((item) => item.id !== asset.id));
  }
  if (known) return mapItems(pages, (items) => items.map((item) => (item.id === asset.id ? asset : item)));
  return insert(pages, asset);
}

function mapItems(pages: Pages, change: (items: Asset[]) => Asset[]): Pages {
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, items: change(page.items) })) };
}

/** Newest first; what is older than everything loaded comes with a later page, if there is one. */
function insert(pages: Pages, asset: Asset): Pages {
  for (const [index, page] of pages.pages.entries()) {
    let at = page.items.findIndex((item) => item.created_at <= asset.created_at);
    if (at < 0 && page.next_cursor === null) at = page.items.length;
    if (at < 0) continue;
    const items = [...page.items.slice(0, at), asset, ...page.items.slice(at)];
    return { ...pages, pages: pages.pages.with(index, { ...page, items }) };
  }
  return pages;
}

/** Whether it is on a page of them that is here. */
export function isInLibrary(cache: QueryClient, state: AssetState, id: string): boolean {
  const pages = cache.getQueryData<Pages>(queryKeys.libraryOf(state))?.pages ?? [];
  return pages.some(({ items }) => items.some((item) => item.id === id));
}

/** Whether there are none, as far as is known here; false while nothing is. */
export function isLibraryEmpty(cache: QueryClient, state: AssetState): boolean {
  const pages = cache.getQueryData<Pages>(queryKeys.libraryOf(state))?.pages ?? [];
  return pages.at(-1)?.next_cursor === null && pages.every(({ items }) => items.length === 0);
}

/** What was deleted for good. */
export function dropFromLibrary(cache: QueryClient, id: string): void {
  for (const state of ['kept', 'discarded'] as const) {
    cache.setQueryData<Pages>(queryKeys.libraryOf(state), (pages) =>
      pages?.pages.some((page) => page.items.some((item) => item.id === id))
        ? mapItems(pages, (items) => items.filter((item) => item.id !== id))
        : pages,
    );
  }
}

export function foldLibrary(cache: QueryClient, asset: Asset): void {
  for (const state of ['kept', 'discarded'] as const) {
    cache.setQueryData<Pages>(queryKeys.libraryOf(state), (pages) =>
      pages ? foldPages(pages, state, asset) : pages,
    );
  }
}
