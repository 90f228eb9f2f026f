import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import type { Asset } from '@/api/types';
import { anAsset } from './fixtures';
import { dropFromLibrary, foldPages } from './library_pages';
import { queryKeys } from './query_keys';

const at = (minute: number, change: Partial<Asset> = {}) =>
  anAsset({ id: `m${minute}`, created_at: `2026-01-01T10:${minute}:00Z`, state: 'kept', ...change });

const pages = (next: string | null) => ({
  pages: [
    { items: [at(50), at(40)], next_cursor: 'x' },
    { items: [at(30), at(20)], next_cursor: next },
  ],
  pageParams: [null, 'x'],
});

const ids = (value: ReturnType<typeof foldPages>) =>
  value.pages.map((page) => page.items.map((item) => item.id).join(' '));

it('puts a kept asset at its place in time', () => {
  expect(ids(foldPages(pages(null), 'kept', at(55)))).toEqual(['m55 m50 m40', 'm30 m20']);
  expect(ids(foldPages(pages(null), 'kept', at(35)))).toEqual(['m50 m40', 'm35 m30 m20']);
});

it('puts the oldest at the end only when the end is known', () => {
  expect(ids(foldPages(pages(null), 'kept', at(10)))).toEqual(['m50 m40', 'm30 m20 m10']);
  const open = pages('more');
  expect(foldPages(open, 'kept', at(10))).toBe(open);
});

it('takes out what is no longer of this state, and replaces what has changed', () => {
  expect(ids(foldPages(pages(null), 'kept', at(40, { state: 'discarded' })))).toEqual(['m50', 'm30 m20']);
  const changed = foldPages(pages(null), 'kept', at(40, { bytes: 5 }));
  expect(changed.pages[0]?.items[1]?.bytes).toBe(5);
});

it('changes nothing for an asset of another state that is not here', () => {
  const before = pages(null);
  expect(foldPages(before, 'kept', at(45, { state: 'staging' }))).toBe(before);
});

it('drops what was deleted for good, wherever it is, and touches nothing else', () => {
  const cache = new QueryClient();
  const kept = pages(null);
  cache.setQueryData(queryKeys.libraryOf('kept'), kept);
  cache.setQueryData(queryKeys.libraryOf('discarded'), {
    ...kept,
    pages: [{ items: [at(45), at(44)], next_cursor: null }],
  });
  dropFromLibrary(cache, 'm45');
  expect(ids(cache.getQueryData(queryKeys.libraryOf('discarded')) ?? kept)).toEqual(['m44']);
  expect(cache.getQueryData(queryKeys.libraryOf('kept'))).toBe(kept);
});
