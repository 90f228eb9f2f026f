import type { Generation, Kind, NewGeneration } from '@/api/types';
import { Store } from './store';
import type { Studio } from './studio';

/** A request on its way: it has its place on the screen before the server has answered. */
export interface Outgoing {
  key: string;
  medium: Kind['medium'];
  body: NewGeneration;
  /** The newest generation that was known when it was sent. */
  after: string;
  /** The generation that came of it, once the server has said so. */
  answer: string | null;
}

export const outgoingStore = new Store<readonly Outgoing[]>([]);

const newest = (studio: Studio | undefined): string =>
  Object.values(studio?.generations ?? {}).reduce(
    (last, { created_at }) => (created_at > last ? created_at : last),
    '',
  );

export function noteSent(
  key: string,
  body: NewGeneration,
  medium: Kind['medium'],
  studio: Studio | undefined,
): void {
  const sent: Outgoing = { key, medium, body, after: newest(studio), answer: null };
  outgoingStore.set((all) => [...all.filter(({ answer }) => answer === null), sent]);
}

export function noteAnswer(key: string, generation: Generation): void {
  outgoingStore.set((all) => all.map((one) => (one.key === key ? { ...one, answer: generation.id } : one)));
}

export function noteNotSent(key: string): void {
  outgoingStore.set((all) => all.filter((one) => one.key !== key));
}

/** Its generation, once that is known; the event stream may tell of it before the request is answered. */
export function arrivalOf(outgoing: Outgoing, studio: Studio): Generation | undefined {
  if (outgoing.answer !== null) return studio.generations[outgoing.answer];
  const { kind, prompt } = outgoing.body;
  return Object.values(studio.generations).find(
    (one) => one.created_at > outgoing.after && one.kind === kind && one.settings.prompt === prompt,
  );
}

export const hasArrived = (outgoing: Outgoing, studio: Studio): boolean =>
  arrivalOf(outgoing, studio) !== undefined;
