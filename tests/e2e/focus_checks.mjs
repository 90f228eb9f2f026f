// The keyboard always knows where it is.
import {
  baseUrl,
  callApi,
  check,
  desktop,
  engineMs,
  expect,
  expectAccessible,
  screenMs,
  settle,
  skip,
  until,
} from './harness.mjs';
import { leave, opener, promptField, tile, visit } from './stock.mjs';

const focused = (page) =>
  page.evaluate(() => {
    const { activeElement: active } = document;
    const asset = active?.closest('[data-asset]')?.dataset.asset ?? null;
    return {
      tag: active?.tagName ?? '',
      id: active?.id ?? '',
      asset,
      name: active?.getAttribute('aria-label') ?? '',
    };
  });
const focusIs = (page, isRight, what) => until(() => focused(page), isRight, what, screenMs / 3);
const order = (page) =>
  page.locator('[data-asset]').evaluateAll((all) => all.map((one) => one.dataset.asset));

async function gridChecks(page, name) {
  await check(`${name}: the grid is one stop of the Tab key, and arrow keys walk through it`, async () => {
    await page.locator('[data-asset]').first().waitFor();
    const stops = await page
      .locator('main ul [data-asset] button')
      .evaluateAll((all) => all.filter((one) => one.tabIndex >= 0).length);
    expect(stops === 1, `${stops} stops`);
    const [first, second, third] = await order(page);
    await opener(page, first).focus();
    await page.keyboard.press('ArrowRight');
    await focusIs(page, ({ asset }) => asset === second, 'the second tile');
    await page.keyboard.press('ArrowRight');
    await focusIs(page, ({ asset }) => asset === third, 'the third tile');
    await page.keyboard.press('Home');
    await focusIs(page, ({ asset }) => asset === first, 'the first tile');
    await page.keyboard.press('Tab');
    await focusIs(page, ({ asset }) => asset === null, 'something after the grid');
    await page.keyboard.press('Shift+Tab');
    await focusIs(page, ({ asset }) => asset === first, 'the tile that had it');
    await settle(page, `focus-grid-${name}`);
    await expectAccessible(page);
  });
  await check(`${name}: Enter opens, and Escape comes back to the tile of what was seen last`, async () => {
    const [first, second] = await order(page);
    await opener(page, first).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('ArrowRight');
    await until(
      () => page.url(),
      (url) => url.includes(second),
      'the next picture',
      screenMs,
    );
    await page.keyboard.press('Escape');
    await focusIs(page, ({ asset }) => asset === second, 'the tile of the picture');
  });
  await check(
    `${name}: a discarded tile hands the focus to the next one, and "u" brings it back`,
    async () => {
      const [first, second, third] = await order(page);
      await opener(page, first).focus();
      await page.keyboard.press('d');
      await tile(page, first).waitFor({ state: 'detached' });
      await focusIs(page, ({ asset }) => asset === second, 'the tile that follows');
      await page.keyboard.press('u');
      await tile(page, first).waitFor();
      await focusIs(page, ({ asset }) => asset === second, 'still the tile that follows');
      // What came back before it has moved it on in the list.
      await page.keyboard.press('d');
      await tile(page, second).waitFor({ state: 'detached' });
      await focusIs(page, ({ asset }) => asset === third, 'the tile that follows that');
      await page.keyboard.press('u');
      await tile(page, second).waitFor();
    },
  );
  await check(`${name}: "m" opens what else there is, and Escape comes back`, async () => {
    const [first] = await order(page);
    await opener(page, first).focus();
    await page.keyboard.press('m');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    await focusIs(page, ({ asset, name }) => asset === first && name.startsWith('Open'), 'the tile');
  });
}

async function hintCheck(page) {
  await check('a hint describes its control to screen readers for as long as it is shown', async () => {
    const control = page.getByRole('dialog').getByRole('button', { name: 'Discard' });
    const devtools = await page.context().newCDPSession(page);
    const description = async () => {
      const { result } = await devtools.send('Runtime.evaluate', {
        expression: "document.querySelector('[role=dialog] [data-hint^=Discard]')",
      });
      const { nodes } = await devtools.send('Accessibility.getPartialAXTree', {
        objectId: result.objectId,
        fetchRelatives: false,
      });
      return nodes[0].description?.value ?? '';
    };
    await page.goto(baseUrl);
    await opener(
      page,
      (
        await page
          .locator('[data-asset]')
          .first()
          .waitFor()
          .then(() => order(page))
      )[0],
    ).click();
    await control.waitFor();
    expect((await description()) === '', 'it is described before there is a hint');
    await page.keyboard.press('Tab');
    for (let i = 0; i < 8 && !(await control.evaluate((one) => one === document.activeElement)); i++)
      await page.keyboard.press('Tab');
    await page.locator('[role=tooltip]').waitFor();
    const said = 'Discard: to the trash, from where it can be brought back d';
    expect((await description()) === said, `described as "${await description()}"`);
    await expectAccessible(page);
    await page.keyboard.press('Tab');
    await until(description, (words) => words === '', 'no description', screenMs);
    await control.hover();
    await until(description, (words) => words === said, 'a description', screenMs);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
}

async function sheetChecks(page) {
  await check('a sheet gives the focus back to what opened it', async () => {
    await page.goto(`${baseUrl}/more`);
    const button = page.getByRole('button', { name: 'Keyboard shortcuts' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(
      await button.evaluate((one) => one === document.activeElement),
      JSON.stringify(await focused(page)),
    );
  });
  await check('"Use all settings" goes to the prompt, from the tile and from the viewer', async () => {
    await page.goto(baseUrl);
    const [first] = await page
      .locator('[data-asset]')
      .first()
      .waitFor()
      .then(() => order(page));
    await opener(page, first).focus();
    await page.keyboard.press('m');
    await page.getByRole('menuitem', { name: /^Use all settings/ }).click();
    await focusIs(page, ({ id }) => id === 'prompt', 'the prompt');
    await opener(page, first).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Use all settings' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await focusIs(page, ({ id }) => id === 'prompt', 'the prompt');
  });
}

async function suggestionCheck(page) {
  const { items } = await callApi('GET', '/api/v1/kinds');
  const enhancer = items.find(({ name }) => name === 'chat_enhance');
  if (!enhancer?.available) return skip('focus after a suggestion', 'no chat model');
  await check('"Use the suggestion" goes to the prompt, and can be undone', async () => {
    await page.goto(baseUrl);
    await promptField(page).fill('a red fox');
    await page.getByRole('button', { name: /richer prompt/ }).click();
    const use = page.getByRole('dialog').getByRole('button', { name: 'Use the suggestion' });
    await until(() => use.isEnabled(), Boolean, 'a suggestion', engineMs);
    await use.click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await focusIs(page, ({ id }) => id === 'prompt', 'the prompt');
    await page.keyboard.press('Control+z');
    await until(
      () => promptField(page).inputValue(),
      (text) => text === 'a red fox',
      'the words before',
      screenMs,
    );
  });
}

export async function focusChecks({ browser, errors, pictures }) {
  const page = await visit(browser, desktop, errors);
  await gridChecks(page, 'workspace');
  for (const { id } of pictures.slice(0, 3)) await callApi('POST', `/api/v1/assets/${id}/keep`);
  await page.goto(`${baseUrl}/library`);
  await gridChecks(page, 'library');
  for (const { id } of pictures.slice(0, 3)) await callApi('POST', `/api/v1/assets/${id}/restore`);
  await hintCheck(page);
  await sheetChecks(page);
  await suggestionCheck(page);
  await leave(page);
}
