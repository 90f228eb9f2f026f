import { api } from '@/api/client';
import { fromBase } from './base';
import { stillOf } from './still';

const firstPage = 24;
/** The first rows of a phone; it has no more connections than that anyway. */
export const firstPictures = 6;

export const readActive = () => api.generations({ active: true, limit: 200 });

/** Those whose drafts may still be in the workspace. */
export const readNewestRuns = () => api.runs({ limit: 50 });

/**
 * What the first screen shows. This module is a script of its own, which runs while the rest of the app is still coming
 * (scripts/early_script.ts), and takes the answers that the page has asked for itself (index.html).
 */
export const firstLists = Promise.all([
  readActive(),
  api.assets({ state: 'staging', limit: firstPage }),
  readNewestRuns(),
]);

/** Held, so that they are there when the grid asks for them. */
const fetched: HTMLImageElement[] = [];

firstLists.then(
  ([, staging]) => {
    if (location.pathname !== fromBase('/')) return;
    for (const asset of staging.items.slice(0, firstPictures)) {
      const image = new Image();
      image.src = stillOf(asset) ?? '';
      fetched.push(image);
    }
  },
  // Whoever shows the lists says that they are not to be had.
  () => undefined,
);
