import type { QueryClient } from '@tanstack/react-query';
import { noteEnd } from './canceling';
import { foldLibrary } from './library_pages';
import { noteOwn } from './own';
import { queryKeys } from './query_keys';
import { emptyStudio, fold, type Studio, type StudioEvent } from './studio';

export const studioNow = (cache: QueryClient): Studio | undefined =>
  cache.getQueryData<Studio>(queryKeys.studio);

/** Puts what was learned or is hoped for here into what every page shows. */
export function applyToStudio(cache: QueryClient, event: StudioEvent): void {
  cache.setQueryData<Studio>(queryKeys.studio, (studio) => fold(studio ?? emptyStudio, event));
  if (event.type === 'asset') foldLibrary(cache, event.asset);
  if (event.type !== 'answered') return;
  noteOwn(event.generation.id);
  noteEnd(event.generation);
}
