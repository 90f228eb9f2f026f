import '@fontsource-variable/inter/wght.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { keepFocus } from '@/lib/focus';
import { ignoreHeldKeys } from '@/lib/keys';
import { LiveStudio } from '@/lib/live';
import { afterFirstScreen } from '@/lib/idle';
import { queryKeys } from '@/lib/query_keys';
import { keepScrollPositions } from '@/lib/scroll_memory';
import { registerServiceWorker } from '@/lib/service_worker';
import { watchLeftBehind } from '@/lib/submit';
import { followSystemTheme } from '@/lib/theme';
import { fetchEverythingElse } from './pages';
import { router } from './router';
import './styles.css';

const cache = new QueryClient({
  defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false, networkMode: 'always' } },
});
// The event stream owns it: it must never be collected while no page looks at it.
cache.setQueryDefaults(queryKeys.studio, { gcTime: Infinity, staleTime: Infinity });

followSystemTheme();
ignoreHeldKeys();
keepFocus();
keepScrollPositions();
new LiveStudio(cache).start();
watchLeftBehind(cache);

const element = document.getElementById('root');
if (!element) throw new Error('The page has no root element.');
const root = createRoot(element);
// The frame that the page came with stays until the first screen can take its place at once.
void router.load().finally(() => {
  root.render(
    <StrictMode>
      <QueryClientProvider client={cache}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
  // The service worker comes last: it keeps what has been fetched by then.
  afterFirstScreen(() => void fetchEverythingElse().finally(registerServiceWorker));
});
