import type { Asset, Generation } from '@/api/types';
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
    }
  | { kind: 'failed'; key: string; at: string; generation: Generation };

const placeKey = (generationId: string | null, position: number, assetId: string): string =>
  generationId === null ? assetId : `${generationId}:${position}`;

function assetTiles(studio: Studio): Tile[] {
  return Object.values(studio.assets)
    .filter((asset) => asset.state === 'staging')
    .map((asset): Tile => {
      const generation = asset.generation_id === null ? null : studio.generations[asset.generation_id];
      return {
        kind: 'asset',
        key: placeKey(asset.generation_id, asset.position, asset.id),
        at: generation?.created_at ?? asset.created_at,
        asset,
        generation: generation ?? null,
      };
    });
}

function pendingTiles(generation: Generation, taken: ReadonlySet<string>): Tile[] {
  const tiles: Tile[] = [];
  for (let position = 0; position < generation.batch; position++) {
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
    });
  }
  return tiles;
}

const place = (tile: Tile): number =>
  tile.kind === 'asset' ? tile.asset.position : tile.kind === 'pending' ? tile.position : -1;

/** Newest generation first, its pictures in order. */
export function stagingTiles(studio: Studio, dismissed: ReadonlySet<string>): Tile[] {
  const tiles = assetTiles(studio);
  const taken = new Set(
    Object.values(studio.assets).map((asset) => placeKey(asset.generation_id, asset.position, asset.id)),
  );
  for (const generation of Object.values(studio.generations)) {
    if (generation.medium === 'chat') continue;
    if (!isOver(generation)) tiles.push(...pendingTiles(generation, taken));
    else if (generation.state === 'failed' && !dismissed.has(generation.id)) {
      tiles.push({ kind: 'failed', key: `${generation.id}:failed`, at: generation.created_at, generation });
    }
  }
  return tiles.sort(
    (a, b) => b.at.localeCompare(a.at) || groupOf(a).localeCompare(groupOf(b)) || place(a) - place(b),
  );
}

const groupOf = (tile: Tile): string =>
  tile.kind === 'asset' ? (tile.asset.generation_id ?? tile.asset.id) : tile.generation.id;
