import { Copy, ListChecks, Shuffle, Type } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Asset, Generation } from '@/api/types';
import { Button, IconButton } from '@/components/button';
import { promptOfAsset } from '@/lib/asset_prompt';
import { copyText } from '@/lib/clipboard';
import { formatBytes, formatDate, formatTook } from '@/lib/format';
import { useKinds } from '@/lib/hooks';
import { assets as words } from '@/lib/messages/assets';
import { kindNames } from '@/lib/messages/making';
import { runs } from '@/lib/messages/runs';
import { useLightbox } from '@/lib/lightbox';
import { canBeChosen } from '@/lib/runs';
import { useGeneration, useReuse, useRunOf, useStart } from '@/lib/reuse';
import type { Seed } from '@/lib/seed';
import { stillOf } from '@/lib/still';
import { worthKnowing } from '@/lib/worth_knowing';
import { DaysNote } from './days_left';

type Row = [name: string, value: ReactNode];

function settingRows(generation: Generation): Row[] {
  const { settings } = generation;
  const rows: Row[] = [];
  if (settings.negative_prompt)
    rows.push([words.negative, <bdi key="negative">{settings.negative_prompt}</bdi>]);
  if (settings.steps !== undefined) rows.push([words.steps, settings.steps]);
  if (settings.guidance !== undefined) rows.push([words.guidance, settings.guidance]);
  if (settings.sampler) rows.push([words.sampler, settings.sampler]);
  if (settings.strength !== undefined && settings.source_asset_id) {
    rows.push([words.strength, settings.strength]);
  }
  return rows;
}

function recipeText(asset: Asset, name: string): string | null {
  const value = asset.recipe?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function fileRows(asset: Asset): Row[] {
  const rows: Row[] = [];
  if (asset.width > 0) rows.push([words.size, words.sizeOf(asset.width, asset.height)]);
  if (typeof asset.duration_ms === 'number') {
    const { fps } = asset.facts;
    const frames = typeof fps === 'number' ? fps : null;
    rows.push([words.length, words.lengthOf((asset.duration_ms / 1000).toFixed(1), frames)]);
  }
  rows.push([words.file, `${asset.content_type}, ${formatBytes(asset.bytes)}`]);
  rows.push([words.made, formatDate(asset.created_at)]);
  const engine = recipeText(asset, 'engine');
  const method = recipeText(asset, 'method');
  if (engine !== null) rows.push([words.engine, engine]);
  if (method !== null) rows.push([words.method, method]);
  return rows;
}

function tookRow(generation: Generation): Row[] {
  if (!generation.started_at || !generation.ended_at) return [];
  const ms = Date.parse(generation.ended_at) - Date.parse(generation.started_at);
  return ms > 0 ? [[words.took, formatTook(ms)]] : [];
}

/** "How this was made", and the ways to use it again. */
export function InfoPanel({ asset }: { asset: Asset }) {
  const { data: generation, isPending } = useGeneration(asset);
  const { kinds } = useKinds();
  if (asset.generation_id === null) {
    return (
      <>
        <p className="text-text-muted">{words.uploadPast}</p>
        <Rows rows={fileRows(asset)} />
      </>
    );
  }
  if (!generation) {
    return isPending ? (
      <div className="shimmer h-32 rounded-md" />
    ) : (
      <p className="text-text-muted">{words.unknownPast}</p>
    );
  }
  const worth = worthKnowing(generation, kinds);
  const rows: Row[] = [
    [words.kind, kindNames[generation.kind].name],
    [words.model, generation.model],
    ...settingRows(generation),
    ...fileRows(asset),
    ...tookRow(generation),
  ];
  return (
    <div className="flex flex-col gap-4">
      {asset.state === 'discarded' && <DaysNote asset={asset} />}
      <PromptText prompt={generation.settings.prompt ?? ''} />
      <EnginePrompt asset={asset} written={generation.settings.prompt ?? ''} />
      {worth && (
        <p className="text-sm text-text-muted">
          <span className="font-semibold text-text">{words.hint}: </span>
          {worth.text}
        </p>
      )}
      <SeedRow seed={asset.seed ?? generation.settings.seed ?? null} />
      {generation.settings.source_asset_id && <StartRow id={generation.settings.source_asset_id} />}
      <RunRow generationId={generation.id} />
      <Rows rows={rows} />
      <ReuseButtons asset={asset} />
    </div>
  );
}

function PromptText({ prompt }: { prompt: string }) {
  return (
    <div className="flex items-start gap-1">
      <p dir="auto" className="grow text-base break-words whitespace-pre-wrap">
        {prompt}
      </p>
      <IconButton label={words.copyPrompt} icon={Copy} onClick={() => void copyText(prompt)} />
    </div>
  );
}

/** What was chosen by word lists and braces, where that differs from what was written. */
function EnginePrompt({ asset, written }: { asset: Asset; written: string }) {
  const got = promptOfAsset(asset);
  if (got === '' || got === written.trim()) return null;
  return (
    <p className="text-sm break-words text-text-muted">
      <span className="font-semibold text-text">{words.engineGot}: </span>
      <bdi>{got}</bdi>
    </p>
  );
}

function SeedRow({ seed }: { seed: Seed | null }) {
  if (seed === null) return null;
  return (
    <div className="flex items-center justify-between rounded-md border border-line pl-3">
      <span className="text-text-muted">{words.seed}</span>
      <span className="tabular ml-auto">{seed}</span>
      <IconButton label={words.copySeed} icon={Copy} onClick={() => void copyText(String(seed))} />
    </div>
  );
}

/** The picture that it started from, or that it is there no more. */
function StartRow({ id }: { id: string }) {
  const { data: start } = useStart(id);
  if (start === undefined) return null;
  const thumbnail = start ? stillOf(start) : undefined;
  return (
    <div className="flex min-h-11 items-center justify-between gap-3 rounded-md border border-line px-3 py-1.5 text-sm">
      <span className="text-text-muted">{words.startedFrom}</span>
      {start === null && <span className="text-right">{words.startDeleted}</span>}
      {start !== null && thumbnail !== undefined && (
        <img src={thumbnail} alt={words.startOpen} className="h-14 rounded-sm object-cover" />
      )}
    </div>
  );
}

/** Between a picture in full quality and the drafts of which it was chosen, both ways. */
function RunRow({ generationId }: { generationId: string }) {
  const related = useRunOf(generationId);
  const { open } = useLightbox();
  const others = related?.generation.assets.filter(canBeChosen) ?? [];
  if (!related || others.length === 0) return null;
  return (
    <div className="flex flex-col gap-2 rounded-md border border-line px-3 py-2 text-sm">
      <span className="text-text-muted">{related.isFull ? runs.fromDrafts : runs.madeOf}</span>
      <ul className="flex flex-wrap gap-2">
        {others.map((asset, index) => (
          <li key={asset.id}>
            <button
              type="button"
              aria-label={related.isFull ? runs.openDraft(index + 1, others.length) : runs.openMade}
              onClick={() => open(asset.id)}
              className="block size-14 overflow-hidden rounded-sm"
            >
              <img src={stillOf(asset)} alt="" className="size-full object-cover" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Rows({ rows }: { rows: Row[] }) {
  return (
    <dl className="tabular grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-text-muted">{name}</dt>
          <dd className="min-w-0 text-right break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function ReuseButtons({ asset }: { asset: Asset }) {
  const { settings } = useReuse();
  return (
    <div className="flex flex-col gap-2">
      <Button icon={ListChecks} onClick={() => void settings(asset, 'all')}>
        {words.useAll}
      </Button>
      <div className="grid grid-cols-2 gap-2">
        <Button icon={Shuffle} onClick={() => void settings(asset, 'remix')}>
          {words.remixShort}
        </Button>
        <Button icon={Type} onClick={() => void settings(asset, 'prompt')}>
          {words.promptShort}
        </Button>
      </div>
    </div>
  );
}
