import { expect, it } from 'vitest';
import { aProgress } from '../fixtures';
import { phaseName } from './making';

it('a clip is said to finish only near its end, a picture always', () => {
  const at = (fraction: number) => aProgress({ phase: 'finishing', fraction });
  expect(phaseName(at(0.2), 'video')).toBe('Setting it in motion');
  expect(phaseName(at(0.95), 'video')).toBe('Finishing');
  expect(phaseName(at(0.2), 'image')).toBe('Finishing');
});
