import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { base } from '@/lib/base';
import { Crashed, NotFound } from './fallbacks';
import { Frame } from './frame';
import { WorkspacePage } from './workspace_page';

interface RootSearch {
  /** The asset that is open in the viewer. */
  view?: string | undefined;
}

const root = createRootRoute({
  component: Frame,
  notFoundComponent: NotFound,
  validateSearch: (search: Record<string, unknown>): RootSearch =>
    typeof search['view'] === 'string' && search['view'] !== '' ? { view: search['view'] } : {},
});

const workspace = createRoute({ getParentRoute: () => root, path: '/', component: WorkspacePage });

const library = createRoute({
  getParentRoute: () => root,
  path: '/library',
  validateSearch: (search: Record<string, unknown>): { show?: 'trash' } =>
    search['show'] === 'trash' ? { show: 'trash' } : {},
  component: lazyRouteComponent(() => import('@/features/library/library_page'), 'LibraryPage'),
});

const chat = createRoute({
  getParentRoute: () => root,
  path: '/chat',
  component: lazyRouteComponent(() => import('@/features/chat/chat_page'), 'ChatPage'),
});

const more = createRoute({
  getParentRoute: () => root,
  path: '/more',
  component: lazyRouteComponent(() => import('@/features/more/more_page'), 'MorePage'),
});

export const router = createRouter({
  basepath: base,
  routeTree: root.addChildren([workspace, library, chat, more]),
  defaultErrorComponent: Crashed,
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
