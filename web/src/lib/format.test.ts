import { expect, it } from 'vitest';
import { formatAge, formatBytes, formatClock, formatSpan, formatUpTo, utf8Length } from './format';

it.each([
  [7_600, 12_000, '7–12 s'],
  [200, 900, '1 s'],
  [30_000, 99_000, '30–99 s'],
  [110_000, 150_000, '1–3 min'],
  [5_400_000, 7_000_000, '1–2 h'],
])('says %i to %i ms as %s', (low, high, said) => {
  expect(formatSpan(low, high)).toBe(said);
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_500, '1.5 kB'],
  [123_456, '123 kB'],
  [17_000_000, '17.0 MB'],
])('says %i bytes as %s', (bytes, said) => {
  expect(formatBytes(bytes)).toBe(said);
});

it('shows clips in minutes and seconds', () => {
  expect(formatClock(5.9)).toBe('0:05');
  expect(formatClock(75)).toBe('1:15');
});

it('says how long ago in the largest whole unit', () => {
  const now = Date.parse('2026-01-03T12:00:00Z');
  expect(formatAge('2026-01-03T11:15:00Z', now)).toBe('45 min. ago');
  expect(formatAge('2026-01-01T11:00:00Z', now)).toBe('2 days ago');
});

it('counts bytes as the server does', () => {
  expect(utf8Length('Füchse 🦊')).toBe(12);
});

it('says the middle and the worst that is likely', () => {
  expect(formatUpTo(38_200, 110_000)).toBe('39 s, up to 2 min');
  expect(formatUpTo(4_000, 9_500)).toBe('4 s, up to 10 s');
  expect(formatUpTo(900, 1_000)).toBe('1 s');
});
