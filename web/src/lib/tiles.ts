import type { Asset, Generation } from '@/api/types';
import { retryOf } from './draft';
import { hasArrived, type NotSent, type Outgoing } from './outgoing';
import { shownTogether, type RunGroup } from './runs';
import { isOver, type Studio } from './studio';

/** One place in the staging grid. A picture of a batch keeps its key from the first moment to the last. */
export type Tile =
  | { kind: 'asset'; key: string; at: string; asset: Asset; generation: Generation | null }
  | {
      kind: 'pending';
      key: string;
      at: string;
      generation: Generation;
      position: number;
      current: boolean;
      first: boolean;
      /** How many pictures it stands for. */
      count: number;
    }
  /** A request that the server has not answered yet. */
  | { kind: 'sending'; key: string; at: string; outgoing: Outgoing; position: number; count: number }
  /** A request that was not accepted, and whose words stand nowhere else. */
  | { kind: 'unsent'; key: string; at: string; outgoing: Outgoing; notSent: NotSent }
  | { kind: 'failed'; key: string; at: string; generation: Generation }
  /** Drafts, and what is made of the one that is chosen. */
  | { kind: 'run'; key: string; at: string; group: RunGroup };

const placeKey = (generationId: string | null, position: number, assetId: string): string =>
  generationId === null ? assetId : `${generationId}:${position}`;

/** When the generation of each asset began, as far as the assets tell: before the generations themselves are here. */
function firstMoments(studio: Studio): ReadonlyMap<string | null, string> {
  const first = new Map<string | null, string>();
  for (const { generation_id: id, created_at: at } of Object.values(studio.assets)) {
    const known = first.get(id);
    if (known === undefined || at < known) first.set(id, at);
  }
  return first;
}

function assetTiles(studio: Studio, elsewhere: ReadonlySet<string | null>): Tile[] {
  const first = firstMoments(studio);
  const moment = (asset: Asset) =>
    (asset.generation_id === null ? undefined : first.get(asset.generation_id)) ?? asset.created_at;
  return Object.values(studio.assets)
    .filter((asset) => asset.state === 'staging' && !elsewhere.has(asset.generation_id))
    .map((asset): Tile => {
      const generation = asset.generation_id === null ? null : studio.generations[asset.generation_id];
      return {
        kind: 'asset',
        key: placeKey(asset.generation_id, asset.position, asset.id),
        at: generation?.created_at ?? moment(asset),
        asset,
        generation: generation ?? null,
      };
    });
}

/** A batch that waits is one tile while another one is being made, so that it leaves that in sight. */
function pendingTiles(
  generation: Generation,
  taken: ReadonlySet<string>,
  isBusy: boolean,
): (Tile & { kind: 'pending' })[] {
  const tiles: (Tile & { kind: 'pending' })[] = [];
  const isFolded = isBusy && generation.state !== 'running';
  const places = isFolded ? 1 : generation.batch;
  for (let position = 0; position < places; position++) {
    const key = placeKey(generation.id, position, '');
    if (taken.has(key)) continue;
    const current = generation.state === 'running' && (generation.progress?.position ?? 0) === position;
    tiles.push({
      kind: 'pending',
      key,
      at: generation.created_at,
      generation,
      position,
      current,
      first: tiles.length === 0,
      count: isFolded ? generation.batch : 1,
    });
  }
  return tiles;
}

/** Newer than everything that has a date. */
const newest = '9999';

function outgoingTiles(studio: Studio, outgoing: readonly Outgoing[], isBusy: boolean): Tile[] {
  return outgoing
    .filter((one) => one.medium !== 'chat')
    .flatMap((one): Tile[] => {
      const { key, notSent } = one;
      if (one.inField) return [];
      if (notSent) return [{ kind: 'unsent', key: `${key}:unsent`, at: newest, outgoing: one, notSent }];
      if (hasArrived(one, studio)) return [];
      const batch = one.body.batch ?? 1;
      const count = isBusy ? batch : 1;
      return Array.from({ length: batch / count }, (_, position): Tile => {
        return { kind: 'sending', key: `${key}:${position}`, at: newest, outgoing: one, position, count };
      });
    });
}

function place(tile: Tile): number {
  if (tile.kind === 'asset') return tile.asset.position;
  return tile.kind === 'pending' || tile.kind === 'sending' ? tile.position : -1;
}

/** Somebody, here or elsewhere, has asked for the very same since. */
function isAskedAgain(failed: Generation, studio: Studio): boolean {
  const request = JSON.stringify(retryOf(failed));
  return Object.values(studio.generations).some(
    (one) => one.created_at > failed.created_at && JSON.stringify(retryOf(one)) === request,
  );
}
const placesTaken = (studio: Studio): ReadonlySet<string> =>
  new Set(
    Object.values(studio.assets).map((asset) => placeKey(asset.generation_id, asset.position, asset.id)),
  );

/** Newest generation first, its pictures in order. */
export function stagingTiles(
  studio: Studio,
  puttingAway: ReadonlySet<string>,
  outgoing: readonly Outgoing[] = [],
): Tile[] {
  const isBusy = Object.values(studio.generations).some(
    ({ medium, state }) => medium !== 'chat' && state === 'running',
  );
  const groups = shownTogether(studio);
  const inGroups = new Set<string | null>(
    // An enlarging that has failed is told of as any other failure: the picture in full quality is there.
    groups.flatMap(({ draft, full, enlarged }) => [
      draft.id,
      full.id,
      ...(enlarged && enlarged.state !== 'failed' ? [enlarged.id] : []),
    ]),
  );
  const tiles = [
    ...outgoingTiles(studio, outgoing, isBusy),
    ...assetTiles(studio, inGroups),
    ...groups.map((group): Tile => ({ kind: 'run', key: group.run.id, at: group.run.created_at, group })),
  ];
  const taken = placesTaken(studio);
  for (const generation of Object.values(studio.generations)) {
    if (generation.medium === 'chat' || inGroups.has(generation.id)) continue;
    if (!isOver(generation)) tiles.push(...pendingTiles(generation, taken, isBusy));
    else if (
      generation.state === 'failed' &&
      !generation.put_away &&
      !puttingAway.has(generation.id) &&
      !isAskedAgain(generation, studio)
    ) {
      tiles.push({ kind: 'failed', key: `${generation.id}:failed`, at: generation.created_at, generation });
    }
  }
  return tiles.sort(
    (a, b) => b.at.localeCompare(a.at) || groupOf(a).localeCompare(groupOf(b)) || place(a) - place(b),
  );
}

/** The id of what a tile came of: a generation, a request on its way, or an upload. */
export function groupOf(tile: Tile): string {
  if (tile.kind === 'sending' || tile.kind === 'unsent') return tile.outgoing.key;
  if (tile.kind === 'run') return tile.group.draft.id;
  return tile.kind === 'asset' ? (tile.asset.generation_id ?? tile.asset.id) : tile.generation.id;
}
