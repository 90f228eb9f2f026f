import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { base } from '@/lib/base';
import { Crashed, NotFound } from './fallbacks';
import { Frame } from './frame';
import { pages } from './pages';
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
  component: pages.library.component,
  loader: pages.library.preload,
});

const chat = createRoute({
  getParentRoute: () => root,
  path: '/chat',
  component: pages.chat.component,
  loader: pages.chat.preload,
});

/** The page itself reads which one is open. */
const conversation = createRoute({
  getParentRoute: () => chat,
  path: '$conversation',
  component: () => null,
});

const more = createRoute({
  getParentRoute: () => root,
  path: '/more',
  component: pages.more.component,
  loader: pages.more.preload,
});

export const router = createRouter({
  basepath: base,
  routeTree: root.addChildren([workspace, library, chat.addChildren([conversation]), more]),
  defaultErrorComponent: Crashed,
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
