import { expect, it } from 'vitest';
import { parseSeed, randomSeed } from './seed';

it.each([
  ['0', 0],
  ['4294967296', 4294967296],
  ['112358132141', 112358132141],
  [' 42\n', 42],
  ['007', 7],
  ['9007199254740991', 9007199254740991],
  ['9007199254740992', '9007199254740992'],
  ['9007199254740993', '9007199254740993'],
  ['9223372036854775807', '9223372036854775807'],
  ['0000000000000000000000009223372036854775807', null],
  ['9223372036854775808', null],
  ['18446744073709551615', null],
  ['', null],
  ['-1', null],
  ['-0', null],
  ['1.5', null],
  ['1e3', null],
  ['0x10', null],
  ['NaN', null],
  ['Infinity', null],
  ['12 34', null],
  ['1,234', null],
  ['seven', null],
])('reads the seed %j as %j', (typed, seed) => {
  expect(parseSeed(typed)).toBe(seed);
});

it('rolls seeds that it reads itself', () => {
  for (let i = 0; i < 100; i++) expect(parseSeed(randomSeed())).not.toBeNull();
});
