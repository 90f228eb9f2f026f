// What the checks of a studio that says nothing have in common.
import { expect, screenMs } from './harness.mjs';

/** Longer than the app waits for an answer. */
const oneWaitMs = 10_500;
export const button = (page, name) => page.getByRole('button', { name, exact: true });

/**
 * Counts in the page the event streams that have spoken. The studio shows every four seconds that it is there, and does so in
 * true time: a page whose time runs faster would take it for silent. Where its `heart` is to beat, it does by the page's clock.
 */
function listenToStreams({ heart }) {
  const ask = window.fetch;
  const ends = (bytes) => bytes.at(-1) === 10 && bytes.at(-2) === 10;
  window.streamsHeard = 0;
  window.fetch = async (url, request) => {
    const response = await ask(url, request);
    if (!String(url).endsWith('/api/v1/events') || !response.ok) return response;
    const reader = response.body.getReader();
    const listen = async (stream) => {
      let between = true;
      const beat = () => between && stream.enqueue(new TextEncoder().encode(':\n\n'));
      const timer = heart ? setInterval(beat, 4_000) : null;
      try {
        for (let heard = false; ; heard = true) {
          const { done, value } = await reader.read();
          if (done) return stream.close();
          if (!heard) window.streamsHeard++;
          between = ends(value);
          stream.enqueue(value);
        }
      } catch (error) {
        stream.error(error);
      } finally {
        clearInterval(timer);
      }
    };
    return new Response(new ReadableStream({ start: (stream) => void listen(stream) }), response);
  };
}

/** How many event streams have spoken since the page was loaded. */
export const streamsHeard = (page) => page.evaluate(() => window.streamsHeard);

/** Somebody whose time a check can let pass faster. Without a `heart` a studio that falls silent is noticed as such. */
export async function timedVisitor(browser, size, { heart = true } = {}) {
  const context = await browser.newContext({ ...size, colorScheme: 'dark' });
  context.setDefaultTimeout(screenMs);
  const page = await context.newPage();
  await page.clock.install();
  await page.addInitScript(listenToStreams, { heart });
  return { context, page };
}

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
