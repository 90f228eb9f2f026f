import { UnreachableError, ProblemError } from '@/api/client';

export const common = {
  product: 'OurVidz',
  workspace: 'Workspace',
  library: 'Library',
  chat: 'Chat',
  more: 'More',
  mainNavigation: 'Main',
  skipToContent: 'Skip to the content',
  close: 'Close',
  cancel: 'Cancel',
  tryAgain: 'Try again',
  showMore: 'Show more',
  showAll: 'Show all of it',
  showLess: 'Show less',
  loading: 'Loading',
  notifications: 'Notifications',
  gridHelp: 'Arrow keys go from one to the next. Enter opens it, k keeps, d discards, m shows more.',
  help: (topic: string) => `What is this: ${topic}`,
  connectionLost: 'The connection to your studio is gone. We keep trying to reach it.',
  studioSilent: 'Your studio does not answer. We keep trying to reach it.',
  noAnswerYet: 'Your studio has not answered yet. We ask again by ourselves; what you wrote is not lost.',
  noAnswerShort: 'No answer yet. Asking again; nothing is lost.',
  notFoundTitle: 'There is nothing here',
  notFoundText: 'The address leads nowhere. Your pictures are safe in the workspace and the library.',
  toWorkspace: 'Go to the workspace',
  unfetchedTitle: 'This page could not be fetched',
  unfetchedText: 'Your studio does not answer. The page opens by itself as soon as it does.',
  crashedTitle: 'This page has stumbled',
  crashedText: 'Nothing of your work is lost: it is kept by the server.',
  reload: 'Load the page again',
};

/** What went wrong, in the server's own words where it has spoken. */
export function errorText(error: unknown): string {
  if (error instanceof ProblemError) return error.problem.detail;
  if (error instanceof UnreachableError) {
    return 'Your studio does not answer. Try again in a moment.';
  }
  return 'Something went wrong here in the browser. Try again.';
}
