import { describe, expect, it } from 'vitest';
import { anAsset } from './fixtures';
import { daysLeft } from './trash';

const now = Date.parse('2026-11-27T12:00:00Z');
const since = (iso: string) => ({ ...anAsset(), discarded_at: iso });

describe('the days that are left', () => {
  it('counts begun ones, and says 0 on the last', () => {
    expect(daysLeft(since('2026-11-27T12:00:00Z'), 30, now)).toBe(30);
    expect(daysLeft(since('2026-11-26T11:00:00Z'), 30, now)).toBe(29);
    expect(daysLeft(since('2026-10-29T12:00:00Z'), 30, now)).toBe(1);
    expect(daysLeft(since('2026-10-28T12:20:00Z'), 30, now)).toBe(0);
    expect(daysLeft(since('2026-01-01T00:00:00Z'), 30, now)).toBe(0);
  });
  it('is never more than there are, whatever the clocks say', () => {
    expect(daysLeft(since('2026-11-27T12:00:40Z'), 30, now)).toBe(30);
    expect(daysLeft({ ...anAsset(), discarded_at: null }, 30, now)).toBe(30);
  });
});
