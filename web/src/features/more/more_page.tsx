import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleDashed, Keyboard, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { api } from '@/api/client';
import type { Health, ModelList } from '@/api/types';
import { Button } from '@/components/button';
import { Segmented } from '@/components/segmented';
import { Notice, PageHeader } from '@/components/states';
import { useBalance } from '@/lib/hooks';
import { formatBytes, formatDate } from '@/lib/format';
import { kindNames } from '@/lib/messages/making';
import { more as words } from '@/lib/messages/more';
import { queryKeys } from '@/lib/query_keys';
import { openShortcuts } from '@/lib/shortcuts_help';
import { useStore } from '@/lib/store';
import { chooseTheme, themeChoices, themeStore } from '@/lib/theme';

const healthEveryMs = 5_000;

export function MorePage() {
  return (
    <div className="h-full overflow-y-auto pb-8">
      <PageHeader title={words.title} />
      <div className="grid items-start gap-4 px-3 sm:px-6 lg:grid-cols-2">
        <div className="flex flex-col gap-4">
          <Appearance />
          <Credits />
          <HealthCard />
        </div>
        <Models />
      </div>
    </div>
  );
}

function Card({ title, about, children }: { title: string; about?: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="rounded-lg border border-line bg-surface-raised p-4">
      <h2 className="text-base font-semibold">{title}</h2>
      {about !== undefined && <p className="text-text-muted">{about}</p>}
      <div className="mt-3">{children}</div>
    </section>
  );
}

function Appearance() {
  const theme = useStore(themeStore);
  return (
    <Card title={words.appearance}>
      <div className="flex flex-col gap-3">
        <Segmented
          label={words.theme}
          value={theme}
          segments={themeChoices.map((value) => ({ value, name: words.themes[value] }))}
          onChange={chooseTheme}
        />
        <Button icon={Keyboard} onClick={openShortcuts}>
          {words.shortcuts}
        </Button>
      </div>
    </Card>
  );
}

function Credits() {
  const balance = useBalance();
  if (balance === null) return null;
  return (
    <Card title={words.credits}>
      <p className="tabular text-lg font-semibold">{balance.toLocaleString('en')}</p>
      <p className="text-text-muted">{words.creditsAbout}</p>
    </Card>
  );
}

function HealthCard() {
  const { data, isError } = useQuery({
    queryKey: queryKeys.health,
    queryFn: api.health,
    refetchInterval: healthEveryMs,
  });
  if (isError && !data) {
    return (
      <Card title={words.health}>
        <Notice tone="danger">{words.failed}</Notice>
      </Card>
    );
  }
  if (!data) return <div className="shimmer h-48 rounded-lg" />;
  return (
    <Card title={words.health} about={data.status === 'ok' ? words.healthOk : words.healthDegraded}>
      <Parts health={data} />
      <div className="tabular mt-4 border-t border-line pt-3 text-sm text-text-muted">
        <p>{words.version(data.version)}</p>
        {data.started_at && <p>{words.since(formatDate(data.started_at))}</p>}
      </div>
    </Card>
  );
}

function Parts({ health }: { health: Health }) {
  const { queue } = health;
  return (
    <ul className="flex flex-col gap-2">
      {health.parts.map((part) => (
        <li key={part.name} className="flex items-start gap-3">
          {part.ok ? (
            <CircleCheck aria-label={words.working} className="mt-0.5 size-4.5 shrink-0 text-ok" />
          ) : (
            <TriangleAlert aria-label={words.notWorking} className="mt-0.5 size-4.5 shrink-0 text-warn" />
          )}
          <span className="min-w-0 break-words">
            <span className="inline-block font-medium first-letter:uppercase">{words.part(part.name)}</span>
            {part.detail !== '' && (
              <span className="block text-text-muted first-letter:uppercase">{part.detail}</span>
            )}
          </span>
        </li>
      ))}
      {queue && (
        <li className="tabular flex items-start gap-3">
          <CircleDashed aria-hidden className="mt-0.5 size-4.5 shrink-0 text-text-muted" />
          <span>
            <span className="font-medium">{words.queue}</span>
            <span className="block text-text-muted">
              {words.queueOf(queue.queued ?? 0, queue.running ?? 0)}
              {(queue.dead ?? 0) > 0 && `, ${words.dead(queue.dead ?? 0)}`}
            </span>
          </span>
        </li>
      )}
    </ul>
  );
}

type Model = ModelList['items'][number];

function Models() {
  const { data } = useQuery({ queryKey: queryKeys.models, queryFn: api.models, staleTime: 30_000 });
  if (!data) return <div className="shimmer h-96 rounded-lg" />;
  const sorted = [...data.items].sort((a, b) => Number(b.installed) - Number(a.installed));
  return (
    <Card title={words.models} about={words.modelsAbout}>
      <ul className="divide-y divide-line">
        {sorted.map((model) => (
          <ModelRow key={model.name} model={model} />
        ))}
      </ul>
    </Card>
  );
}

const kindList = (kinds: Model['kinds']) => kinds.map((kind) => kindNames[kind].name).join('; ');

function ModelRow({ model }: { model: Model }) {
  const serves = model.serves ?? [];
  const missing = model.missing?.length ?? 0;
  const facts = [
    model.licence,
    (model.bytes ?? 0) === 0 ? null : formatBytes(model.bytes ?? 0),
    model.memory_mb === undefined ? null : words.memory(formatBytes(model.memory_mb * 1_000_000)),
  ].filter(Boolean);
  return (
    <li className="py-3 first:pt-0 last:pb-0">
      <div className="flex items-center justify-between gap-3">
        <h3 className="font-medium">{model.title}</h3>
        <span className="flex items-center gap-1.5 text-xs whitespace-nowrap text-text-muted">
          {model.installed ? (
            <CircleCheck aria-hidden className="size-4 text-ok" />
          ) : (
            <CircleDashed aria-hidden className="size-4" />
          )}
          {model.installed ? words.installed : words.notInstalled}
        </span>
      </div>
      <p className="tabular text-sm text-text-muted">{facts.join(' · ')}</p>
      {model.kinds.length > 0 && (
        <p className="mt-1 text-sm">
          {model.installed
            ? serves.length > 0
              ? `${words.serves}: ${kindList(serves)}`
              : words.servesNothing
            : `${words.could}: ${kindList(model.kinds)}`}
        </p>
      )}
      {!model.installed && missing > 0 && (
        <p className="mt-1 text-sm text-text-muted">{words.missing(missing)}</p>
      )}
    </li>
  );
}
