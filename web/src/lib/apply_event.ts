import type { QueryClient } from '@tanstack/react-query';
import { noteEnd } from './canceling';
import { dropFromLibrary, foldLibrary } from './library_pages';
import { noteOwn } from './own';
import { queryKeys } from './query_keys';
import { countTrashSoon } from './trash';
import { emptyStudio, fold, type Studio, type StudioEvent } from './studio';

export const studioNow = (cache: QueryClient): Studio | undefined =>
  cache.getQueryData<Studio>(queryKeys.studio);

/** In the library's lists, in the trash and its count. */
export function showInLibrary(cache: QueryClient, event: StudioEvent): void {
  if (event.type === 'asset') foldLibrary(cache, event.asset);
  else if (event.type === 'gone' && event.name === 'asset') dropFromLibrary(cache, event.id);
  else return;
  countTrashSoon(cache);
}

/** Puts what was learned or is hoped for here into what every page shows. */
export function applyToStudio(cache: QueryClient, event: StudioEvent): void {
  cache.setQueryData<Studio>(queryKeys.studio, (studio) => fold(studio ?? emptyStudio, event));
  showInLibrary(cache, event);
  if (event.type !== 'answered') return;
  noteOwn(event.generation.id);
  noteEnd(event.generation);
}
