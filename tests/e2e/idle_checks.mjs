// A studio that falls silent under a page that only stands there; and a page that has slept, which is not to call that silence.
import { baseUrl, check, desktop, expect, openCable, phone, screenMs, settle, until } from './harness.mjs';
import { breathe, streamsHeard, timedVisitor } from './silence.mjs';

const silent = 'Your studio does not answer. We keep trying to reach it.';
const stream = /\/api\/v1\/events$/;
/** How long a page in sight may take to notice. */
const noticedSeconds = 15;

/** Resolves when the stream has said its first word: only then are all the lists read. */
async function open(page, url) {
  const greeted = page.waitForResponse(/\/api\/v1\/runs\?active=true/);
  await page.goto(url);
  await greeted;
  await page.locator('[data-asset]').first().waitFor();
}

/** From here on the page's time passes only as the check lets it pass. */
async function standStill(page) {
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1_000);
}

/** Lets the page live through so many seconds, or until `isDone`. Answers how many it took. */
async function live(page, seconds, isDone = () => false) {
  let lived = 0;
  while (lived < seconds && !(await isDone())) {
    await page.clock.runFor(1_000);
    await breathe(page);
    lived++;
  }
  return lived;
}

async function frozenChecks(browser, name, size) {
  const cable = await openCable();
  const { context, page } = await timedVisitor(browser, size, { heart: false });
  const notice = page.getByText(silent);
  await check(`a studio that falls silent under an idle page is told of within 15 s, ${name}`, async () => {
    await open(page, cable.url);
    cable.freeze();
    const took = await live(page, noticedSeconds, () => notice.isVisible());
    expect(await notice.isVisible(), `nothing is said after ${took} s`);
    expect(took > 5, `it is said after ${took} s, before the studio would have had to speak`);
    await settle(page, `idle-silent-${name}`);
  });
  await check(`it is taken back when the studio answers again, ${name}`, async () => {
    cable.heal();
    await notice.waitFor({ state: 'detached' });
  });
  cable.close();
  await context.close();
}

/** Fails when the page has said that the studio is away, however briefly. */
async function watchNotice(page) {
  await page.evaluate(() => {
    const look = () =>
      (window.awaySeen ||= /your studio (is gone|does not answer)/i.test(document.body.innerText));
    window.awaySeen = false;
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  });
  return async () => expect(!(await page.evaluate(() => window.awaySeen)), 'it said that the studio is away');
}

async function brokenChecks(browser) {
  const cable = await openCable();
  const { context, page } = await timedVisitor(browser, desktop, { heart: false });
  await check(
    'a connection that goes silent is replaced without a word when the studio itself answers',
    async () => {
      await open(page, cable.url);
      const expectNone = await watchNotice(page);
      await standStill(page);
      let asked = false;
      page.on('request', (request) => (asked ||= stream.test(request.url())));
      cable.stall(stream);
      await live(page, noticedSeconds, () => asked);
      expect(asked, 'no other connection was made');
      // However slow the machine is: none of the page's time passes meanwhile.
      await until(
        () => streamsHeard(page),
        (heard) => heard === 2,
        'the word of the other connection',
        screenMs,
      );
      await live(page, 5);
      await expectNone();
    },
  );
  cable.close();
  await context.close();
}

async function asleepChecks(browser) {
  const { context, page } = await timedVisitor(browser, phone, { heart: false });
  await check('a page that has slept for an hour does not call the studio silent', async () => {
    await open(page, baseUrl);
    let opened = 0;
    page.on('request', (request) => (opened += stream.test(request.url()) ? 1 : 0));
    const expectNone = await watchNotice(page);
    await standStill(page);
    await page.clock.fastForward('01:00:00');
    await live(page, 1);
    expect(opened === 0, 'it has cut a stream that was whole');
    await expectNone();
  });
  await context.close();
}

export async function idleChecks(browser) {
  await frozenChecks(browser, 'phone', phone);
  await frozenChecks(browser, 'desktop', desktop);
  await brokenChecks(browser);
  await asleepChecks(browser);
}
