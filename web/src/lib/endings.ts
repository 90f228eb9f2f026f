import type { Generation } from '@/api/types';
import { announce } from './announce';
import { staging as words } from './messages/staging';
import { isOver, type Studio } from './studio';

/** Says that a picture or clip is done or has failed, once, to who cannot see it. */
export function tellEnd(before: Studio, generation: Generation): void {
  const known = before.generations[generation.id];
  if (!known || isOver(known) || generation.medium === 'chat') return;
  const prompt = generation.settings.prompt ?? '';
  if (generation.state === 'succeeded') announce(words.ready(prompt));
  if (generation.state === 'failed') announce(words.failed(prompt, generation.error?.detail ?? ''));
}
