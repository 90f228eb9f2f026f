import { PanelRightClose } from 'lucide-react';
import { lazy, Suspense, useState, type CSSProperties } from 'react';
import { IconButton } from '@/components/button';
import { PageHeader } from '@/components/states';
import { ToastSlot } from '@/components/toasts';
import { Composer } from '@/features/composer/composer';
import { QueueButton } from '@/features/queue/queue_button';
import { StagingGrid } from '@/features/staging/staging_grid';
import { useDesktop, useHeight } from '@/lib/hooks';
import { useBackCloses } from '@/lib/layer_history';
import { composer } from '@/lib/messages/composer';
import { staging } from '@/lib/messages/staging';
import { useScrollMemory } from '@/lib/scroll_memory';

const Enhance = lazy(() =>
  import('@/features/composer/enhance').then(({ Enhance }) => ({ default: Enhance })),
);

const QueuePanel = lazy(() =>
  import('@/features/queue/queue_panel').then(({ QueuePanel }) => ({ default: QueuePanel })),
);
const Advanced = lazy(() =>
  import('@/features/composer/advanced').then(({ Advanced }) => ({ default: Advanced })),
);
const Sheet = lazy(() => import('@/components/sheet').then(({ Sheet }) => ({ default: Sheet })));

export function WorkspacePage() {
  const desktop = useDesktop();
  const [advanced, setAdvanced] = useState(false);
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  useScrollMemory(scroller, 'workspace');
  const [queue, setQueue] = useState(false);
  const [enhancing, setEnhancing] = useState(false);
  const [dockPx, measureDock] = useHeight();
  return (
    <div className="flex h-full min-h-0">
      <div
        className="relative flex min-w-0 flex-1 flex-col"
        style={{ '--dock': `${dockPx}px` } as CSSProperties}
      >
        <div ref={setScroller} data-scroller className="min-h-0 flex-1 overflow-y-auto lg:scroll-pb-(--dock)">
          <div className="lg:pb-(--dock)">
            <PageHeader title={staging.title} about={staging.about}>
              <QueueButton onOpen={() => setQueue(true)} />
            </PageHeader>
            <StagingGrid />
          </div>
        </div>
        <div ref={measureDock} className="shrink-0 lg:dock">
          <ToastSlot layer="page" />
          <div className="lg:px-6">
            <Composer advancedOpen={advanced} onAdvanced={setAdvanced} onEnhance={() => setEnhancing(true)} />
          </div>
        </div>
      </div>
      <Suspense>
        {advanced && desktop && <Inspector onClose={() => setAdvanced(false)} />}
        {advanced && !desktop && (
          <Sheet open onOpenChange={setAdvanced} title={composer.advanced} about={composer.advancedAbout}>
            <Advanced />
          </Sheet>
        )}
        {queue && <QueuePanel onClose={() => setQueue(false)} />}
        {enhancing && <Enhance onClose={() => setEnhancing(false)} />}
      </Suspense>
    </div>
  );
}

function Inspector({ onClose }: { onClose: () => void }) {
  useBackCloses(true, onClose);
  return (
    <section
      aria-label={composer.advanced}
      className="animate-slide-in w-84 overflow-y-auto border-l border-line bg-surface-raised p-4"
    >
      <div className="mb-2 flex items-center justify-between">
        <h2 className="text-base font-semibold">{composer.advanced}</h2>
        <IconButton label={composer.hideAdvanced} icon={PanelRightClose} onClick={onClose} />
      </div>
      <p className="mb-4 text-text-muted">{composer.advancedAbout}</p>
      <Advanced />
    </section>
  );
}
