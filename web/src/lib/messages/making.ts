import type { Generation, KindName, Progress } from '@/api/types';
import { formatSpan, formatUpTo } from '../format';

export const kindNames: Record<KindName, { name: string; about: string }> = {
  sdxl_image_fast: { name: 'Picture, fast', about: 'A picture in few steps' },
  sdxl_image_high: { name: 'Picture, high', about: 'More steps, finer detail' },
  image_fast: { name: 'Still, fast', about: 'One frame of the clip model' },
  image_high: { name: 'Still, high', about: 'One frame of the clip model, with more care' },
  video_fast: { name: 'Clip, fast', about: 'A short moving picture' },
  video_high: { name: 'Clip, high', about: 'A short moving picture, with more care' },
  image_enlarge: { name: 'Enlarging', about: 'A picture four times as wide and as high' },
  chat_enhance: { name: 'Prompt help', about: 'Rewrites your prompt' },
  chat_scene: { name: 'Scene', about: 'Turns a conversation into a prompt' },
  chat_scenes: { name: 'Scenes', about: 'Turns a story into prompts' },
  chat_conversation: { name: 'Conversation', about: 'Talks with you' },
  chat_unrestricted: { name: 'Open conversation', about: 'Talks with verified adults' },
};

export const sizeNames: Record<string, string> = {
  square: 'Square',
  portrait: 'Portrait',
  landscape: 'Landscape',
};

export const eta = (lowMs: number, highMs: number) => `about ${formatSpan(lowMs, highMs)}`;

export const making = {
  queued: (position: number | null) =>
    position === null ? 'Waiting' : position === 0 ? 'Next in line' : `${position} ahead of it`,
  paused: 'Paused',
  sending: 'Sending…',
  noAnswerYet: 'No answer yet, asking again',
  left: (middleMs: number, highMs: number) => `about ${formatUpTo(middleMs, highMs)}`,
  pictures: (count: number) => `${count} pictures`,
  scheduled: 'Waits for something else to be done',
  waitingForTurn: 'Waiting for its turn',
  starting: 'Starting',
  late: 'Taking longer than usual',
  noNode: 'No machine is taking work right now',
  noModel: 'Its model is not here right now',
  stopping: 'Stopping…',
  percent: (fraction: number) => `${Math.round(fraction * 100)}%`,
  free: 'free',
  balance: (credits: number) =>
    `You have ${credits.toLocaleString('en')} ${credits === 1 ? 'credit' : 'credits'}. One pays for a picture or a clip; what fails or is canceled costs nothing.`,
  creditsAtMost: (count: number) => `at most ${making.credits(count)}`,
  credits: (count: number): string => (count === 1 ? '1 credit' : `${count} credits`),
};

/** What there is to worry about, in place of a time that nobody knows. */
export function troubleOf(progress: Progress | null): string | null {
  switch (progress?.trouble) {
    case 'late':
      return making.late;
    case 'no_node':
      return making.noNode;
    case 'no_model':
      return making.noModel;
    default:
      return null;
  }
}

/** Where something stands that does not run yet. */
export function waitingLine(generation: Generation): string {
  if (generation.paused) return making.paused;
  if (generation.state === 'scheduled') return making.scheduled;
  return making.queued(generation.progress?.queue_position ?? null);
}

const almostDone = 0.9;

/** In a clip the last phase is more than putting away: its frames are made of a picture. */
export const isFinishing = (progress: Progress, medium: Generation['medium']): boolean =>
  progress.phase === 'finishing' && (medium !== 'video' || progress.fraction >= almostDone);

export function phaseName(progress: Progress, medium: Generation['medium']): string {
  switch (progress.phase) {
    case 'queued':
      return making.queued(progress.queue_position);
    case 'loading':
      return 'Loading the model';
    case 'sampling':
      return typeof progress.step === 'number' && typeof progress.steps === 'number' && progress.steps > 0
        ? `Drawing, step ${progress.step} of ${progress.steps}`
        : 'Drawing';
    case 'enlarging':
      return 'Enlarging';
    case 'finishing':
      return isFinishing(progress, medium) ? 'Finishing' : 'Setting it in motion';
  }
}
