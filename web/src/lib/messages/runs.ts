import { making } from './making';

/** Drafts, of which one is chosen and made in full quality. */
export const runs = {
  group: (prompt: string) => (prompt === '' ? 'The best of several' : `The best of several: ${prompt}`),
  drafts: 'Drafts',
  drafting: (count: number) => (count === 1 ? 'Drawing a draft' : `Drawing ${count} drafts`),
  draftingAbout: 'Then you choose one, and it is made in full quality.',
  choosing: (count: number) => (count === 1 ? 'Is this the one?' : 'Choose the best'),
  choosingAbout: (credits: number) =>
    credits === 0
      ? 'The one you choose is made in full quality.'
      : `The one you choose is made in full quality. ${making.credits(credits)} ${credits === 1 ? 'is' : 'are'} set aside for it.`,
  noneLeft: 'None of the drafts can be chosen. Bring one back from the trash, or stop here.',
  making: 'Making the one you chose',
  makingAbout: 'In full quality. You need not wait here.',
  enlarging: 'Enlarging the one you chose',
  enlargingAbout: 'It is done in full quality. Four times as wide and as high takes a moment.',
  done: 'Done in full quality',
  doneAbout: (count: number) =>
    count === 1
      ? 'Its draft stays here until you keep it or let it go.'
      : 'Its drafts stay here until you keep them or let them go.',
  choose: 'Choose this one',
  chooseShort: 'Choose',
  chooseDraft: (at: number, of: number) => `Choose this one: draft ${at} of ${of}`,
  chosen: 'Chosen',
  chosenNow: 'Chosen. It is being made in full quality.',
  none: 'None of them',
  cancel: 'Cancel',
  discardDrafts: (count: number) => (count === 1 ? 'Discard draft' : `Discard ${count} drafts`),
  stopped: (credits: number, wasEnlarging: boolean) => {
    const left = wasEnlarging ? 'The picture in full quality stays' : 'The drafts stay';
    return credits === 0 ? `Canceled. ${left}.` : `Canceled. ${left}; ${making.credits(credits)} given back.`;
  },
  ready: (prompt: string) => `The drafts are ready, choose one: ${prompt}`,
  waitsForDrafts: 'Waits for its drafts',
  waitsForYou: 'Waits for you to choose a draft',
  fromDrafts: 'Chosen from these drafts',
  madeOf: 'Made of one of these drafts',
  openDraft: (at: number, of: number) => `Draft ${at} of ${of}`,
  openMade: 'The picture in full quality',
};
