import type { components } from '@/api/schema';

/** As the API has it: a number where JavaScript keeps it exactly, else its digits. */
export type Seed = components['schemas']['Seed'];

const seedMax = 2n ** 63n - 1n;

/** What people type or paste, with its digits. Nothing is rounded on the way; null where it is no seed. */
export function parseSeed(typed: string): Seed | null {
  const digits = typed.trim();
  if (!/^\d{1,40}$/.test(digits)) return null;
  const seed = BigInt(digits);
  if (seed > seedMax) return null;
  return seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed.toString();
}

/** Short enough to be read out. */
export function randomSeed(): string {
  return String(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);
}
