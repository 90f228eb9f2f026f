import { api, ProblemError } from '@/api/client';
import type { Asset } from '@/api/types';
import { queryKeys } from './query_keys';

/** An id out of an address may be anything. */
const isNone = (error: unknown): boolean =>
  error instanceof ProblemError && ['not_found', 'invalid_field'].includes(error.problem.code);

async function read(id: string): Promise<Asset | null> {
  try {
    return await api.asset(id);
  } catch (error) {
    if (isNone(error)) return null;
    throw error;
  }
}

/** One asset, wherever it is kept; null: there is none, or none any more. */
export const assetQuery = (id: string) => ({ queryKey: queryKeys.asset(id), queryFn: () => read(id) });
