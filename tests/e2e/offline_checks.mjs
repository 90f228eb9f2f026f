// Without a connection: every page opens, says so, and recovers by itself; and what the app keeps is the app alone.
import { check, expect, openCable, phone, screenMs, watchErrors, workerReady } from './harness.mjs';

const gone = /^The connection to your studio is gone/;
const pages = [
  { path: '/', ready: (page) => page.getByRole('textbox', { name: 'Prompt' }) },
  { path: '/library', ready: (page) => page.getByRole('heading', { name: 'Library' }) },
  { path: '/library?show=trash', ready: (page) => page.getByRole('heading', { name: 'Library' }) },
  { path: '/chat', ready: (page) => page.getByRole('textbox', { name: 'Message' }) },
  { path: '/more', ready: (page) => page.getByRole('heading', { level: 1 }) },
  { path: '/no-such-page', ready: (page) => page.getByText('There is nothing here') },
];

async function visitor(browser, options = {}) {
  const context = await browser.newContext({ ...phone, ...options });
  context.setDefaultTimeout(screenMs);
  return { context, page: await context.newPage() };
}

export async function offlineChecks(browser) {
  const cable = await openCable();
  await check(
    'a page never visited opens without a connection, says so, and recovers by itself',
    async () => {
      const { context, page } = await visitor(browser);
      await page.goto(cable.url);
      await workerReady(page);
      for (const { path, ready } of pages) {
        cable.cut();
        await page.goto(cable.url + path);
        await ready(page).waitFor();
        await page.getByText(gone).waitFor();
        cable.heal();
        await page.getByText(gone).waitFor({ state: 'detached' });
        await ready(page).waitFor();
      }
      await page.goto(`${cable.url}/library`);
      await page.locator('[data-asset] img').first().waitFor();
      await context.close();
    },
  );
  cable.heal();
  await check('without a connection the app does not claim to know what the studio has', async () => {
    const { context, page } = await visitor(browser);
    await page.goto(cable.url);
    await workerReady(page);
    cable.cut();
    await page.goto(cable.url);
    await page.getByText(gone).waitFor();
    const said = await page.locator('main').innerText();
    for (const claim of [/No model/, /Not available/, /free/, /goes on/])
      expect(!claim.test(said), `it says ${claim}: ${said}`);
    await page.getByRole('textbox', { name: 'Prompt' }).fill('a red fox');
    await page.getByRole('textbox', { name: 'Prompt' }).press('Control+Enter');
    const away = page.getByRole('alert').getByText('Your studio does not answer');
    await away.waitFor();
    cable.heal();
    await page.getByText(gone).waitFor({ state: 'detached' });
    await away.waitFor({ state: 'detached' });
    await context.close();
  });
  await check(
    'a "Keep" that fails in the viewer stays with its picture, which is seen as far as it is here',
    async () => {
      const { context, page } = await visitor(browser);
      await page.goto(cable.url);
      await page.locator('[data-asset] img').nth(1).waitFor();
      await page.locator('[data-asset] > button').first().tap();
      const viewer = page.getByRole('dialog');
      await viewer.waitFor();
      const address = page.url();
      await page.route('**/content', (route) => route.abort('internetdisconnected'));
      cable.cut();
      await viewer.getByRole('button', { name: 'Keep' }).tap();
      await viewer.getByText('Your studio does not answer.').waitFor();
      await page.waitForFunction((before) => location.href === before, address);
      expect(!/charged/.test(await viewer.innerText()), 'it speaks of charging');
      // One without words is not drawn at all when it is broken.
      const broken = await viewer.locator('[data-stage] img:not([alt=""])').evaluateAll((all) => {
        const isSeen = (one) => getComputedStyle(one).opacity !== '0';
        return all.filter((one) => one.complete && one.naturalWidth === 0 && isSeen(one)).length;
      });
      expect(broken === 0, `${broken} broken pictures are seen`);
      cable.heal();
      await context.close();
    },
  );
  await check('only the app itself is kept: no answer of the API, no picture', async () => {
    const { context, page } = await visitor(browser);
    await page.goto(`${cable.url}/library`);
    await page.locator('[data-asset] img').first().waitFor();
    await workerReady(page);
    await page.reload();
    await page.locator('[data-asset] img').first().waitFor();
    const kept = await page.evaluate(async () => {
      const found = [];
      for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) found.push(request.url);
      }
      return found;
    });
    expect(kept.length > 10, `only ${kept.length} files are kept`);
    const wrong = kept.filter((url) => url.includes('/api/'));
    expect(wrong.length === 0, `kept: ${wrong.join(', ')}`);
    await context.close();
  });
  await check(
    'without a service worker a page that could not be fetched says so and opens by itself',
    async () => {
      const { context, page } = await visitor(browser, { serviceWorkers: 'block' });
      await page.route(/more_page-[^/]*\.js$/, (route) => route.abort('internetdisconnected'));
      await page.goto(cable.url);
      await page.getByRole('textbox', { name: 'Prompt' }).waitFor();
      cable.cut();
      await page.getByText(gone).waitFor();
      await page.getByRole('link', { name: 'More' }).tap();
      await page.getByRole('heading', { name: 'This page could not be fetched' }).waitFor();
      await page.unroute(/more_page-[^/]*\.js$/);
      cable.heal();
      await page.getByRole('heading', { name: 'Models' }).waitFor();
      await context.close();
    },
  );
  await check('the studio can be installed', async () => {
    const { context, page } = await visitor(browser);
    await page.goto(cable.url);
    await workerReady(page);
    const devtools = await context.newCDPSession(page);
    const { url, errors, data } = await devtools.send('Page.getAppManifest');
    expect(url.endsWith('/manifest.webmanifest') && errors.length === 0, JSON.stringify(errors));
    const { start_url: start, scope, icons, display } = JSON.parse(data);
    expect(new URL(start, url).pathname === '/' && new URL(scope, url).pathname === '/', 'start or scope');
    expect(display === 'standalone' && icons.length >= 3, 'display or icons');
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
    // A window of its own, as tests have, counts as private.
    const serious = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito');
    expect(serious.length === 0, JSON.stringify(serious));
    await context.close();
  });
  cable.close();
}

/** The frame that comes with the page stands where the app puts it: nothing jumps when the app takes over. */
export async function frameChecks(browser, baseUrl) {
  await check(
    'the page shows its frame before any script has run, and the app takes over without a jump',
    async () => {
      const { context, page } = await visitor(browser, { serviceWorkers: 'block' });
      const errors = [];
      watchErrors(page, errors);
      const links = () =>
        page.locator('nav a').evaluateAll((all) =>
          all.map((one) => {
            const { x, y, width, height } = one.getBoundingClientRect();
            return [one.textContent.trim(), x, y, width, height].join(' ');
          }),
        );
      let letGo;
      const held = new Promise((resolve) => (letGo = resolve));
      await page.route(/\/assets\/index-[^/]*\.js$/, async (route) => {
        await held;
        await route.continue();
      });
      await page.goto(baseUrl, { waitUntil: 'commit' });
      await page.locator('nav a').nth(3).waitFor();
      const before = await links();
      letGo();
      await page.getByRole('textbox', { name: 'Prompt' }).waitFor();
      const after = await links();
      expect(
        before.length === 4 && before.join() === after.join(),
        `${before.join()} became ${after.join()}`,
      );
      expect(errors.length === 0, errors.join('\n'));
      await context.close();
    },
  );
}
