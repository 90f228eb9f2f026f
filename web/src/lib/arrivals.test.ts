import { describe, expect, it } from 'vitest';
import { arrivals } from './arrivals';
import { aGeneration } from './fixtures';
import { groupOf, type Tile } from './tiles';

const at = (second: number) => `2026-01-01T10:00:0${second}Z`;

function tile(id: string, second: number): Tile {
  const generation = aGeneration({ id, created_at: at(second) });
  return {
    kind: 'pending',
    key: `${id}:0`,
    at: at(second),
    generation,
    position: 0,
    current: false,
    first: true,
    count: 1,
  };
}

const nobody = () => false;
const shownOf = (tiles: Tile[], line: string | null, isOwn = nobody as (id: string) => boolean) => {
  const { shown, held } = arrivals(tiles, line, isOwn);
  return [shown.map(groupOf).join(), held];
};

describe('what others begin', () => {
  it('is all there when somebody begins to look', () => {
    expect(shownOf([tile('b', 2), tile('a', 1)], null)).toEqual(['b,a', 0]);
    expect(arrivals([tile('b', 2), tile('a', 1)], null, nobody).line).toBe(at(2));
  });
  it('waits afterwards, while what is older comes and goes', () => {
    expect(shownOf([tile('c', 3), tile('b', 2), tile('a', 1)], at(2))).toEqual(['b,a', 1]);
  });
  it('comes along with what is asked for here', () => {
    const tiles = [tile('e', 5), tile('own', 4), tile('c', 3), tile('a', 1)];
    expect(shownOf(tiles, at(1), (id) => id === 'own')).toEqual(['own,c,a', 1]);
  });
  it('comes when nothing else is there', () => {
    expect(shownOf([tile('c', 3)], at(2))).toEqual(['c', 0]);
    expect(shownOf([tile('c', 3)], '')).toEqual(['c', 0]);
  });
});
