// "Back" closes what is open over a page and never leaves it; and every page is found again where it was left.
import { aConversation, openConversation } from './chat_checks.mjs';
import { baseUrl, check, desktop, expect, expectAccessible, phone, screenMs, until } from './harness.mjs';

/** Where the visitor comes from. */
const before = `${baseUrl}/library?show=trash`;
const dialog = (page) => page.getByRole('dialog');

const overlays = [
  {
    name: 'the advanced settings',
    path: '/',
    open: (page) => page.getByRole('button', { name: /^Advanced/ }).tap(),
  },
  {
    name: 'the viewer',
    path: '/library',
    open: (page) => page.locator('[data-asset] > button').first().tap(),
  },
  {
    name: 'the conversations',
    path: '/chat',
    open: (page) => page.getByRole('button', { name: 'Conversations' }).tap(),
  },
  {
    name: 'the keyboard shortcuts',
    path: '/more',
    open: (page) => page.getByRole('button', { name: 'Keyboard shortcuts' }).tap(),
  },
];

/** Small things that open from a button; on a desktop too. */
const small = [
  {
    name: "a tile's menu",
    sizes: [phone, desktop],
    button: (page) => page.getByRole('button', { name: 'More for this one' }).first(),
    opened: (page) => page.getByRole('menu'),
  },
  {
    name: '"What to make"',
    sizes: [phone, desktop],
    button: (page) => page.getByRole('button', { name: /^What to make/ }),
    opened: (page) => page.getByRole('menu'),
  },
  {
    name: 'the sizes',
    sizes: [phone, desktop],
    button: (page) => page.getByRole('button', { name: /^Size/ }),
    opened: (page) => page.getByRole('menu'),
  },
  {
    name: 'the panel of advanced settings',
    sizes: [desktop],
    button: (page) => page.getByRole('button', { name: /^Advanced/ }),
    opened: (page) => page.getByRole('region', { name: 'Advanced' }),
  },
];

const address = (page) => page.evaluate(() => location.pathname + location.search);
const back = (page) => page.evaluate(() => history.back());
const scroller = (page) => page.locator('main .overflow-y-auto').first();
const top = (page) => scroller(page).evaluate((one) => one.scrollTop);
const tops = (page, wanted) =>
  page.waitForFunction(
    (px) => Math.abs(document.querySelector('main .overflow-y-auto').scrollTop - px) < 2,
    wanted,
  );

async function overlayCheck(page, { name, path, open }) {
  await check(`back closes ${name} and stays on the page`, async () => {
    await page.goto(before);
    await page.goto(baseUrl + path);
    await open(page);
    await dialog(page).waitFor();
    await page.waitForFunction(() => history.state.layers?.length > 0 || history.state.viewerOpened === true);
    await back(page);
    await dialog(page).waitFor({ state: 'detached' });
    expect((await address(page)) === path, `the page is now ${await address(page)}`);
    // Closed in another way it leaves nothing behind: the next "back" is the one before.
    await open(page);
    await dialog(page).waitFor();
    await page.waitForFunction(() => history.state.layers?.length > 0 || history.state.viewerOpened === true);
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await page.waitForFunction(() => !history.state.layers?.length && !history.state.viewerOpened);
    await back(page);
    await page.waitForURL(before);
  });
}

async function smallChecks(browser) {
  for (const { name, sizes, button, opened } of small) {
    for (const size of sizes) {
      const context = await browser.newContext(size);
      context.setDefaultTimeout(screenMs);
      const page = await context.newPage();
      await check(`back closes ${name} at ${size.viewport.width} px and stays on the page`, async () => {
        await page.goto(before);
        await page.goto(baseUrl);
        await page.locator('[data-asset]').first().waitFor();
        await button(page).click();
        await opened(page).waitFor();
        await page.waitForFunction(() => history.state.layers?.length > 0);
        await back(page);
        await opened(page).waitFor({ state: 'detached' });
        expect((await address(page)) === '/', `the page is now ${await address(page)}`);
        await button(page).click();
        await opened(page).waitFor();
        await page.waitForFunction(() => history.state.layers?.length > 0);
        await button(page).click();
        await opened(page).waitFor({ state: 'detached' });
        await page.waitForFunction(() => !history.state.layers?.length);
        await back(page);
        await page.waitForURL(before);
      });
      await context.close();
    }
  }
}

/** What a menu does goes on after the menu's own entry has left the history. */
async function menuLeadsCheck(browser) {
  const context = await browser.newContext(phone);
  context.setDefaultTimeout(screenMs);
  const page = await context.newPage();
  await check(
    '"Remix" from the library and from the viewer leads to the composer, and back from there',
    async () => {
      for (const inViewer of [false, true]) {
        await page.goto(`${baseUrl}/library`);
        await page.locator('[data-asset]').first().waitFor();
        if (inViewer) await page.locator('[data-asset] > button').first().tap();
        const place = inViewer ? dialog(page) : page.locator('main');
        await place.getByRole('button', { name: 'More for this one' }).first().tap();
        await page.getByRole('menuitem', { name: /^Remix/ }).tap();
        await page.waitForFunction(() => document.activeElement?.id === 'prompt');
        expect((await address(page)) === '/', `the page is now ${await address(page)}`);
        await back(page);
        await page.waitForURL(/\/library/);
        expect((await dialog(page).count()) === (inViewer ? 1 : 0), 'not where it was');
      }
    },
  );
  await check(
    '"Remix" from the viewer of the workspace closes the viewer, and nothing is left of it',
    async () => {
      await page.goto(before);
      await page.goto(baseUrl);
      await page.locator('[data-asset] > button').first().tap();
      await dialog(page).getByRole('button', { name: 'More for this one' }).tap();
      await page.getByRole('menuitem', { name: /^Remix/ }).tap();
      await dialog(page).waitFor({ state: 'detached' });
      await page.waitForFunction(() => !history.state.layers?.length && !history.state.viewerOpened);
      await back(page);
      await page.waitForURL(before);
    },
  );
  await context.close();
}

async function scrollCheck(page, { name, path, place }) {
  await check(`${name} is found again where it was left, after back and after a reload`, async () => {
    await page.goto(baseUrl + path);
    await page.locator(place).first().waitFor();
    await page.waitForFunction(() => {
      const one = document.querySelector('main .overflow-y-auto');
      return one.scrollHeight - one.clientHeight > 200;
    });
    await scroller(page).evaluate((one) => one.scrollTo({ top: 180 }));
    await tops(page, 180);
    await page.getByRole('link', { name: 'More' }).tap();
    await page.getByRole('heading', { name: 'Models' }).waitFor();
    await back(page);
    await page.locator(place).first().waitFor();
    await tops(page, 180);
    await page.reload();
    await page.locator(place).first().waitFor();
    await tops(page, 180);
    expect((await top(page)) > 0, 'at the top');
  });
}

export async function backChecks(browser) {
  await smallChecks(browser);
  await menuLeadsCheck(browser);
  const context = await browser.newContext(phone);
  context.setDefaultTimeout(screenMs);
  const page = await context.newPage();
  for (const overlay of overlays) await overlayCheck(page, overlay);
  await scrollCheck(page, { name: 'the library', path: '/library', place: '[data-asset]' });
  await scrollCheck(page, { name: 'the workspace', path: '/', place: '[data-asset]' });
  await context.close();
}

/** A conversation longer than the screen, put into the storage as the app writes it. */
export async function chatScrollCheck(browser) {
  const context = await browser.newContext(phone);
  context.setDefaultTimeout(screenMs);
  const page = await context.newPage();
  const text = 'A lighthouse stands on the hill above the harbour and shines over the sea. '.repeat(3);
  await openConversation(page, await aConversation(...Array(24).fill(text)));
  await scrollCheck(page, { name: 'a conversation', path: '/chat', place: '[data-answer]' });
  await check(
    'what is sent from far above is gone to, and so is the newest message by its button',
    async () => {
      const log = page.getByRole('list', { name: 'Messages' });
      const below = () =>
        log.evaluate((list) => {
          const scroller = list.parentElement.parentElement;
          return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
        });
      const scrollUp = () => log.evaluate((list) => list.parentElement.parentElement.scrollTo({ top: 100 }));
      const newest = page.getByRole('button', { name: 'To the newest message' });
      await scrollUp();
      await newest.click();
      await until(below, (px) => px < 2, 'the end', screenMs);
      await newest.waitFor({ state: 'detached' });
      await scrollUp();
      await newest.waitFor();
      await page.getByRole('textbox', { name: 'Message' }).fill('And at night?');
      await page.getByRole('button', { name: 'Send', exact: true }).tap();
      await log.getByText('And at night?').waitFor();
      await until(below, (px) => px < 2, 'the end, where the message is', screenMs);
      await expectAccessible(page);
    },
  );
  await context.close();
}
