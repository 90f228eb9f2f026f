import { UnreachableError } from '@/api/client';
import { errorText } from './common';

const namedMax = 2;
const nameCharsMax = 32;

const letters = new Intl.Segmenter();

/** The first words of what it is about, in quotation marks; without any, `otherwise`. */
function quoted(text: string, otherwise: string): string {
  const all = Array.from(letters.segment(text.trim()), ({ segment }) => segment);
  if (all.length === 0) return otherwise;
  const isLong = all.length > nameCharsMax;
  const shown = isLong ? all.slice(0, nameCharsMax - 1) : all;
  return `“${shown.join('').trim()}${isLong ? '…' : ''}”`;
}

function listed(every: readonly string[]): string {
  const times = (what: string) => every.filter((one) => one === what).length;
  const all = [...new Set(every)].map((what) => (times(what) > 1 ? `${what} (${times(what)} times)` : what));
  const named = all.slice(0, all.length > namedMax + 1 ? namedMax : all.length);
  const rest = all.length - named.length;
  const items = rest === 0 ? named : [...named, `${rest} more`];
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

const unsure = (all: readonly string[]): string =>
  `Your studio does not answer. This may not be done: ${listed(all)}.`;

/** What cannot be said of as done: each is what somebody wanted to do. */
export const errands = {
  unsure,
  /** Of one, and why: the studio has said nothing, or no. */
  notDone: (what: string, error: unknown) =>
    error instanceof UnreachableError ? unsure([what]) : `Not done: ${what}. ${errorText(error)}`,
  again: 'Try again',
  quoted,
  asset: (prompt: string, medium: string, isUpload: boolean) =>
    quoted(prompt, isUpload ? 'your upload' : medium === 'video' ? 'the clip' : 'the picture'),
  moves: {
    kept: (name: string) => `keep ${name}`,
    discarded: (name: string) => `discard ${name}`,
    staging: (name: string) => `bring back ${name}`,
  },
  deleteForGood: (name: string) => `delete ${name} for good`,
  emptyTrash: 'empty the trash',
  cancel: (name: string) => `cancel ${name}`,
  makeAgain: (name: string) => `make ${name} again`,
  putAway: (name: string) => `put away what became of ${name}`,
  showAgain: (name: string) => `show again what became of ${name}`,
  pause: (name: string) => `pause ${name}`,
  resume: (name: string) => `go on with ${name}`,
  move: (name: string) => `move ${name} in the queue`,
  edit: (name: string) => `change the prompt to ${name}`,
  rename: (title: string) => `name the conversation ${title}`,
  removeConversation: (title: string) => `remove the conversation ${title}`,
  putBackConversation: (title: string) => `put back the conversation ${title}`,
  untitled: 'without a title',
  chooseVersion: 'show the other version',
  stopAnswer: 'stop the answer',
};
