// Every screen at one size in one colour scheme: all of it can be reached by everybody, and nothing is cut off.
import { baseUrl, check, expect, expectAccessible, screenMs, settle, watchErrors } from './harness.mjs';

const screens = {
  workspace: { path: '/', ready: (one) => one.locator('[data-asset]').first() },
  advanced: {
    path: '/',
    ready: async (one) => {
      await one.getByRole('button', { name: /^Advanced/ }).click();
      return one.getByText('Guidance', { exact: true });
    },
  },
  kinds: {
    path: '/',
    ready: async (one) => {
      await one.getByRole('button', { name: /^What to make/ }).click();
      return one.getByRole('menuitemradio').first();
    },
  },
  viewer: {
    path: '/',
    ready: async (one) => {
      await one.locator('[data-asset] > button').first().click();
      return one.getByRole('dialog');
    },
  },
  library: {
    path: '/library',
    ready: (one) => one.getByRole('heading', { name: 'Library' }),
  },
  trash: {
    path: '/library?show=trash',
    ready: (one) => one.getByRole('heading', { name: 'Library' }),
  },
  chat: {
    path: '/chat',
    ready: (one) => one.getByRole('textbox', { name: 'Message' }),
  },
  more: {
    path: '/more',
    ready: (one) => one.getByRole('heading', { name: 'Models' }),
  },
  shortcuts: {
    path: '/more',
    ready: async (one) => {
      await one.getByRole('button', { name: 'Keyboard shortcuts' }).click();
      return one.getByRole('dialog');
    },
  },
  missing: {
    path: '/no-such-page',
    ready: (one) => one.getByText('There is nothing here'),
  },
};

export async function screenChecks(browser, { name: sizeName, size, colorScheme, errors }) {
  const own = await browser.newContext({ ...size, colorScheme });
  own.setDefaultTimeout(screenMs);
  const visitor = await own.newPage();
  watchErrors(visitor, errors);
  for (const [name, screen] of Object.entries(screens)) {
    await check(`${name}, ${sizeName}, ${colorScheme}: accessible, nothing cut off`, async () => {
      await visitor.goto(baseUrl + screen.path);
      await (await screen.ready(visitor)).waitFor();
      await settle(visitor, `${name}-${sizeName}-${colorScheme}`);
      const wider = await visitor.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wider <= 0, `the page is ${wider} px wider than the screen`);
      await expectAccessible(visitor);
    });
  }
  await own.close();
}
