import { lazy, type FunctionComponent, type LazyExoticComponent } from 'react';
import { preloadViewer } from '@/components/assets/viewer';
import { whenIdle } from '@/lib/idle';

/** A page whose code comes when it is first asked for; `preload` fetches it before that. */
interface LazyPage {
  component: LazyExoticComponent<FunctionComponent>;
  preload: () => Promise<unknown>;
}

function lazyPage(load: () => Promise<FunctionComponent>): LazyPage {
  let coming: Promise<FunctionComponent> | null = null;
  const fetchOnce = () => {
    coming ??= load().catch((error: unknown) => {
      coming = null;
      throw error;
    });
    return coming;
  };
  return {
    component: lazy(async () => ({ default: await fetchOnce() })),
    preload: fetchOnce,
  };
}

export const pages = {
  library: lazyPage(async () => (await import('@/features/library/library_page')).LibraryPage),
  chat: lazyPage(async () => (await import('@/features/chat/chat_page')).ChatPage),
  more: lazyPage(async () => (await import('@/features/more/more_page')).MorePage),
};

const parts = [
  pages.library.preload,
  preloadViewer,
  () => import('@/components/menu_parts'),
  pages.chat.preload,
  () => import('@/components/sheet'),
  pages.more.preload,
  () => import('@/features/composer/advanced'),
  () => import('@/features/queue/queue_panel'),
  () => import('@/features/composer/enhance'),
  () => import('@/components/shortcuts_sheet'),
];

/** One after the other and only while nothing else is to be done, so that opening anything neither waits nor needs a connection. */
export async function fetchEverythingElse(): Promise<void> {
  try {
    for (const part of parts) {
      await new Promise<void>(whenIdle);
      await part();
    }
  } catch {
    // Without a connection each comes when it is asked for.
  }
}
