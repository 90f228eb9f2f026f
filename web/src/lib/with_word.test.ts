import { expect, test } from 'vitest';
import { withWord } from './with_word';

test('another thing takes the place of the word, wherever it stands as a whole', () => {
  expect(withWord('a galleon at sea', 'galleon', 'boat')).toBe('a boat at sea');
  expect(withWord('Galleons, (galleons:1.2) and galleonss', 'galleons', 'boats')).toBe(
    'boats, (boats:1.2) and galleonss',
  );
  expect(withWord('a fox', 'galleon', 'boat')).toBe('a fox');
});

test('the article before it fits what follows', () => {
  expect(withWord('A galleon', 'galleon', 'airplane')).toBe('An airplane');
  expect(withWord('a red car and an otter', 'otter', 'bear')).toBe('a red car and a bear');
  expect(withWord('an otter', 'otter', 'unicorn')).toBe('a unicorn');
});
