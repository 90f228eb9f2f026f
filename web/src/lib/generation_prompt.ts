import type { Generation } from '@/api/types';
import { kindNames } from './messages/making';

/** What a generation is called by: its words, or what is done where it needs none. */
export const promptOfGeneration = ({ settings, kind }: Pick<Generation, 'settings' | 'kind'>): string => {
  const prompt = settings.prompt ?? '';
  return prompt === '' && kind === 'image_enlarge' ? kindNames[kind].name : prompt;
};
