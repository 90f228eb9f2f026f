import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';
import { api } from '@/api/client';
import type { Asset, Generation, Kind } from '@/api/types';
import { promptOfAsset } from './asset_prompt';
import { draftStore, reuse, sortedMakers, type Reuse } from './draft';
import { replaceDraft } from './draft_history';
import { requestFocus } from './focus';
import { useStudio } from './hooks';
import { layersLeft } from './layer_history';
import { useCloseLightbox } from './lightbox';
import { assetQuery } from './one_asset';
import { queryKeys } from './query_keys';
import { sourceOf } from './source';
import { assets as words } from './messages/assets';
import { errorText } from './messages/common';
import type { Studio } from './studio';
import { toast } from './toasts';
import type { KindList } from '@/api/types';

const generationQuery = (id: string) => ({
  queryKey: queryKeys.generation(id),
  queryFn: () => api.generation(id),
  staleTime: 60_000,
});

/** How an asset was made; null for uploads. */
export function useGeneration(asset: Asset | null) {
  const id = asset?.generation_id ?? null;
  return useQuery({ ...generationQuery(id ?? ''), enabled: id !== null });
}

/** The other step of the run that a generation is a step of, as far as there is one; `isFull`: it is the full picture's own. */
export function useRunOf(id: string): { isFull: boolean; generation: Generation } | null {
  const { data: run } = useQuery({
    queryKey: queryKeys.runOf(id),
    queryFn: async () => (await api.runs({ generation_id: id })).items[0] ?? null,
    staleTime: 60_000,
  });
  const full = run?.steps.find(({ name }) => name === 'full')?.generation_id;
  const draft = run?.steps.find(({ name }) => name === 'draft')?.generation_id;
  const other = id === full ? draft : full;
  const select = useCallback((studio: Studio) => studio.generations[other ?? ''] ?? null, [other]);
  const known = useStudio(select);
  const { data } = useQuery({
    ...generationQuery(other ?? ''),
    enabled: other !== undefined && known === null,
  });
  const generation = known ?? data;
  return generation ? { isFull: id === full, generation } : null;
}

/** The picture that something started from; null: it has been deleted. */
export function useStart(id: string) {
  return useQuery(assetQuery(id));
}

/** Carries settings or a picture into the composer, and goes to it. */
export function useReuse() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();
  const close = useCloseLightbox();
  const toComposer = useCallback(async () => {
    await layersLeft();
    // On the page of the composer only a viewer may be in the way; what else is open there stays.
    if (router.state.matches.at(-1)?.routeId === '/') close();
    else await navigate({ to: '/' });
    focusPrompt();
  }, [close, navigate, router]);

  const settings = useCallback(
    async (asset: Asset, how: Reuse) => {
      if (asset.generation_id === null) return;
      try {
        const generation: Generation = await cache.query(generationQuery(asset.generation_id));
        const kinds = cache.getQueryData<KindList>(queryKeys.kinds)?.items ?? [];
        const startId = how === 'all' || how === 'remix' ? generation.settings.source_asset_id : undefined;
        const start = startId === undefined ? undefined : await cache.query(assetQuery(startId));
        const source = start?.links.original === undefined ? null : sourceOf(start);
        replaceDraft((draft) => reuse(draft, how, { generation, asset, kinds, source }));
        await toComposer();
        if (start === null) toast(words.startGone);
      } catch (error) {
        toast(errorText(error), { tone: 'danger' });
      }
    },
    [cache, toComposer],
  );

  const source = useCallback(
    async (asset: Asset, medium: Kind['medium']) => {
      const kinds = cache.getQueryData<KindList>(queryKeys.kinds)?.items ?? [];
      const now = kinds.find((kind) => kind.name === draftStore.get().kind);
      const fits = (kind: Kind) => kind.medium === medium && kind.image_to_image !== false;
      const makers = sortedMakers(kinds).filter(fits);
      const kind = now && fits(now) ? now : (makers.find((one) => one.available) ?? makers[0]);
      replaceDraft((draft) => ({
        ...draft,
        source: sourceOf(asset),
        // A clip shows what its picture shows; another picture is of what is being written.
        ...(medium === 'video' && asset.generation_id !== null ? { prompt: promptOfAsset(asset) } : {}),
        ...(kind ? { kind: kind.name } : {}),
      }));
      await toComposer();
    },
    [cache, toComposer],
  );

  return { settings, source };
}

export const promptFieldId = 'prompt';

export function focusPrompt(): void {
  requestFocus(promptFieldId);
}
