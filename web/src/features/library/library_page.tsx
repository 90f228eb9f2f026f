import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { Images, Trash2 } from 'lucide-react';
import { useCallback, useEffect, useMemo } from 'react';
import { api } from '@/api/client';
import type { Asset, AssetState } from '@/api/types';
import { Viewer } from '@/components/assets/viewer';
import { Button } from '@/components/button';
import { EmptyState, Notice, PageHeader } from '@/components/states';
import { cx } from '@/lib/class_names';
import { useLightbox } from '@/lib/lightbox';
import { common, errorText } from '@/lib/messages/common';
import { library as words } from '@/lib/messages/library';
import { queryKeys } from '@/lib/query_keys';
import { isVisible } from '@/lib/studio';
import { useTrash } from '@/lib/trash';
import { LibraryGrid } from './library_grid';
import { TrashBar } from './trash_bar';

const pageSize = 120;

function useLibrary(state: AssetState) {
  return useInfiniteQuery({
    queryKey: queryKeys.libraryOf(state),
    queryFn: ({ pageParam }) => api.assets({ state, cursor: pageParam, limit: pageSize }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 60_000,
  });
}

export function LibraryPage() {
  const { show } = useSearch({ from: '/library' });
  const state: AssetState = show === 'trash' ? 'discarded' : 'kept';
  const query = useLibrary(state);
  const { openId, open, close } = useLightbox();
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const viewable = useMemo(() => items.filter(isVisible), [items]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const readMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const isDrained = items.length === 0 && hasNextPage;
  useEffect(() => {
    if (isDrained) readMore();
  }, [isDrained, readMore]);
  return (
    <div className="flex h-full flex-col">
      <PageHeader title={words.title} part={state === 'kept' ? words.title : words.trash}>
        <Tabs state={state} />
      </PageHeader>
      {state === 'discarded' && <TrashBar />}
      {!query.isPending && <Viewer assets={viewable} openId={openId} onOpen={open} onClose={close} />}
      <Body state={state} items={items} query={query} onOpen={open} onEnd={readMore} />
    </div>
  );
}

function Tabs({ state }: { state: AssetState }) {
  const look = (active: boolean) =>
    cx(
      'flex min-h-10 items-center rounded-sm px-4 text-sm transition-colors',
      active
        ? 'bg-chosen font-semibold text-text ring-1 ring-line-strong'
        : 'text-text-muted hover:text-text',
    );
  return (
    <nav aria-label={words.view} className="flex rounded-md border border-line bg-surface-sunken p-0.5">
      <Link
        to="/library"
        search={{}}
        className={look(state === 'kept')}
        aria-current={state === 'kept' && 'page'}
      >
        {words.kept}
      </Link>
      <Link
        to="/library"
        search={{ show: 'trash' }}
        className={look(state === 'discarded')}
        aria-current={state === 'discarded' && 'page'}
      >
        {words.trash}
      </Link>
    </nav>
  );
}

function Body(props: {
  state: AssetState;
  items: readonly Asset[];
  query: ReturnType<typeof useLibrary>;
  onOpen: (id: string) => void;
  onEnd: () => void;
}) {
  const { query, state, items } = props;
  if (query.isPending || (items.length === 0 && query.hasNextPage))
    return <div aria-label={common.loading} className="shimmer mx-6 h-48 rounded-md" role="status" />;
  if (query.isError && items.length === 0) {
    return (
      <Notice
        tone="danger"
        className="mx-6"
        action={<Button onClick={() => void query.refetch()}>{common.tryAgain}</Button>}
      >
        <span role="alert">{errorText(query.error)}</span>
      </Notice>
    );
  }
  if (items.length === 0) return <Empty state={state} />;
  return (
    <LibraryGrid
      key={state}
      place={`library:${state}`}
      label={state === 'kept' ? words.grid : words.trashGrid}
      items={items}
      onOpen={props.onOpen}
      onEnd={props.onEnd}
    />
  );
}

function Empty({ state }: { state: AssetState }) {
  const trash = useTrash();
  if (state === 'discarded') {
    const text = words.trashEmptyText(trash?.kept_days ?? null);
    return <EmptyState icon={Trash2} title={words.trashEmptyTitle} text={text} />;
  }
  return (
    <EmptyState icon={Images} title={words.emptyTitle} text={words.emptyText}>
      <Link
        to="/"
        className="mt-3 inline-flex min-h-11 items-center rounded-md bg-accent px-4 font-semibold text-on-accent"
      >
        {common.toWorkspace}
      </Link>
    </EmptyState>
  );
}
