import { groupOf, type Tile } from './tiles';

interface Arrivals {
  shown: Tile[];
  /** How many are kept back. */
  held: number;
  /** Everything up to this moment is shown. */
  line: string;
}

/** What stands before everything that has a date. */
const isUndated = ({ kind }: Tile): boolean => kind === 'sending' || kind === 'unsent';

const newestOf = (tiles: readonly Tile[]): string =>
  tiles.reduce((last, tile) => (!isUndated(tile) && tile.at > last ? tile.at : last), '');

/**
 * Keeps back what others have begun since `line` (null: nobody has looked yet), so that it does not push away what somebody
 * looks at. What is asked for here moves the tiles anyway, and brings everything along that is older.
 */
export function arrivals(
  tiles: readonly Tile[],
  line: string | null,
  isOwn: (id: string) => boolean,
): Arrivals {
  const brought = newestOf(line === null ? tiles : tiles.filter((tile) => isOwn(groupOf(tile))));
  const upTo = line === null || brought > line ? brought : line;
  const shown = tiles.filter((tile) => isUndated(tile) || tile.at <= upTo);
  if (shown.length === 0 && tiles.length > 0) return arrivals(tiles, null, isOwn);
  return { shown, held: tiles.length - shown.length, line: upTo };
}
