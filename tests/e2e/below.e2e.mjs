// The app below a path of a site that has other things as well, behind a proxy with sign-in: tests/api/base_path_test.py starts
// both and runs this. BASE_PATH is that path; USER_NAME and PASSWORD sign in.
import { check, expect, finish, openBrowser, openCable, phone, screenMs, workerReady } from './harness.mjs';

const base = process.env.BASE_PATH;
const gone = /^The connection to your studio is gone/;
const cable = await openCable();
const browser = await openBrowser();
const context = await browser.newContext({
  ...phone,
  httpCredentials: { username: process.env.USER_NAME, password: process.env.PASSWORD },
});
context.setDefaultTimeout(screenMs);
const page = await context.newPage();
const at = (path) => cable.url + path;
const kept = (list) =>
  page.evaluate(async (what) => {
    const names = await caches.keys();
    if (what === 'names') return names;
    const urls = await Promise.all(
      names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)),
    );
    return urls.flat();
  }, list);

/** What another studio of the same site might have kept, in versions enough to be tidied up. */
const neighbours = [
  'ourvidz-shell /other/ 1',
  'ourvidz-shell /other/ 2',
  'ourvidz-shell /studio/b/ 1',
  'photos',
];

await check('the service worker is about the path of the studio and keeps what lies below it', async () => {
  await page.goto(at(base));
  await page.evaluate(async (names) => {
    for (const name of names) await caches.open(name);
  }, neighbours);
  await workerReady(page);
  const scopes = await page.evaluate(async () =>
    (await navigator.serviceWorker.getRegistrations()).map(({ scope, active }) => [scope, active?.scriptURL]),
  );
  const wanted = [[at(base), at(`${base}sw.js`)]];
  expect(JSON.stringify(scopes) === JSON.stringify(wanted), JSON.stringify(scopes));
  const urls = await kept('urls');
  expect(urls.length > 10, `only ${urls.length} files are kept`);
  const strange = urls.filter((url) => !url.startsWith(at(base)) || url.includes('/api/'));
  expect(strange.length === 0, `kept: ${strange.join(', ')}`);
});
await check('what others of the site have kept is theirs', async () => {
  const names = await kept('names');
  const lost = neighbours.filter((name) => !names.includes(name));
  expect(lost.length === 0, `gone: ${lost.join(', ')}`);
});
await check(
  'a page never visited opens below the path without a connection, and recovers by itself',
  async () => {
    cable.cut();
    for (const [path, name] of Object.entries({
      library: 'Library',
      more: 'More',
      'no/such/page': 'There is nothing here',
    })) {
      await page.goto(at(base + path));
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await page.getByText(gone).waitFor();
    }
    cable.heal();
    await page.getByText(gone).waitFor({ state: 'detached' });
  },
);
await check('nothing else of the site is taken: not its root, not a path that begins alike', async () => {
  for (const path of ['/', '/elsewhere', `${base.slice(0, -1)}s`, `${base.slice(0, -1)}-b/`]) {
    const own = await context.newPage();
    const answer = await own.goto(at(path));
    expect(answer.status() === 404 && !answer.fromServiceWorker(), `${path}: ${answer.status()}`);
    cable.cut();
    const opened = await own.reload().then(
      (one) => one.status(),
      () => null,
    );
    expect(opened === null, `${path} opens without a connection: ${opened}`);
    await own.close();
    cable.heal();
  }
});
await browser.close();
cable.close();
process.exit(finish() ? 0 : 1);
