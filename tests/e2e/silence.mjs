// What the checks of a studio that says nothing have in common.
import { expect } from './harness.mjs';

/** Longer than the app waits for an answer. */
const oneWaitMs = 10_500;
export const button = (page, name) => page.getByRole('button', { name, exact: true });

/** What changes something and fits `pattern` reaches the studio (or not), and is never answered. Counts what was asked. */
export async function swallow(page, pattern, { reaches }) {
  const asked = [];
  await page.route(pattern, async (route) => {
    if (route.request().method() === 'GET') return route.fallback();
    asked.push(route.request());
    if (reaches) await route.fetch().catch(() => undefined);
  });
  return asked;
}

/**
 * The page's time may run faster than the studio can answer in truth; before more of it passes, what has been asked gets its
 * answer, unless the studio is the one that says nothing.
 */
export const breathe = (page) =>
  page.evaluate(() => fetch('/api/v1/ready', { signal: AbortSignal.timeout(300) }).catch(() => undefined));

/** Lets so much of the page's time pass as the app waits for an answer. */
export async function waitOnce(page) {
  await page.clock.runFor(oneWaitMs);
  await breathe(page);
}

/** Lets the page's time pass, in steps that leave it room to act, until `isDone`. */
export async function passTime(page, isDone) {
  for (let steps = 0; steps < 40 && !(await isDone()); steps++) {
    await page.clock.runFor(1_750);
    await breathe(page);
  }
  expect(await isDone(), 'not after more than a minute of the page');
}
