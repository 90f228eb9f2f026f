// A key event is not an intent: what an input method or a held key sends must do nothing by itself.
import { callApi, check, desktop, expect, until } from './harness.mjs';
import { countSubmits, leave, opener, promptField, tile, visit } from './stock.mjs';

/** Enter as a browser reports it when it ends a composition: Chrome inside of it, Safari after it with code 229. */
const endsComposition = {
  chrome: (field) =>
    field.evaluate((element) => {
      element.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
      const init = { key: 'Enter', code: 'Enter', isComposing: true, bubbles: true, cancelable: true };
      element.dispatchEvent(new KeyboardEvent('keydown', init));
      element.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '狐' }));
    }),
  safari: (field) =>
    field.evaluate((element) => {
      element.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
      element.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '狐' }));
      const init = { key: 'Enter', code: 'Enter', keyCode: 229, bubbles: true, cancelable: true };
      element.dispatchEvent(new KeyboardEvent('keydown', init));
    }),
};

/** A key held for about a second: one press, and as many repeats as a keyboard sends meanwhile. */
async function hold(page, key, repeats = 25) {
  for (let i = 0; i <= repeats; i++) await page.keyboard.down(key);
  await page.keyboard.up(key);
}

async function expectOneSent(sent) {
  await until(
    () => sent.length,
    (count) => count > 0,
    'a request',
    5_000,
  );
  expect(sent.length === 1, `${sent.length} sent`);
}

async function fieldChecks(page, name, field, sent) {
  for (const [browserName, end] of Object.entries(endsComposition)) {
    await check(
      `${name}: Enter that ends a composition does not send, in the order of ${browserName}`,
      async () => {
        await field.fill('狐');
        sent.length = 0;
        await end(field);
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
        expect(sent.length === 0, `${sent.length} sent`);
      },
    );
  }
  await check(`${name}: Enter held for a second sends once`, async () => {
    sent.length = 0;
    await field.fill('a red fox');
    await field.focus();
    await hold(page, 'Enter');
    await expectOneSent(sent);
    expect(!(await field.inputValue()).includes('\n'), 'the field has new lines');
  });
}

export async function keyChecks({ browser, errors, pictures }) {
  const own = [];
  const page = await visit(browser, desktop, own);
  const sent = await countSubmits(page);
  await promptField(page).waitFor();
  await fieldChecks(page, 'composer', promptField(page), sent);
  await check('composer: Enter held on the button sends once', async () => {
    sent.length = 0;
    await page.getByRole('button', { name: /^Generate/ }).focus();
    await hold(page, 'Enter');
    await expectOneSent(sent);
  });
  await check('a held "d" discards one picture, and a Cyrillic layout has the same keys', async () => {
    const [first, second] = pictures;
    await opener(page, first.id).focus();
    await hold(page, 'd');
    await tile(page, first.id).waitFor({ state: 'detached' });
    const goneNow = async () => {
      const states = await Promise.all(pictures.map(({ id }) => callApi('GET', `/api/v1/assets/${id}`)));
      return states.filter(({ state }) => state === 'discarded').length;
    };
    await until(goneNow, (gone) => gone > 0, 'one discarded', 5_000);
    expect((await goneNow()) === 1, `${await goneNow()} discarded`);
    await opener(page, second.id).focus();
    await opener(page, second.id).evaluate((element) => {
      const init = { key: 'в', code: 'KeyD', bubbles: true, cancelable: true };
      element.dispatchEvent(new KeyboardEvent('keydown', init));
    });
    await tile(page, second.id).waitFor({ state: 'detached' });
    for (const { id } of [first, second]) await callApi('POST', `/api/v1/assets/${id}/restore`);
  });
  await check('Enter held on a menu chooses once and leaves the menu closed', async () => {
    await page.getByRole('button', { name: /^How many/ }).focus();
    await hold(page, 'Enter');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
  });
  await page.getByRole('link', { name: 'Chat' }).click();
  const message = page.getByRole('textbox', { name: 'Message' });
  await message.waitFor();
  await fieldChecks(page, 'chat', message, sent);
  errors.push(...own.filter((text) => !/429/.test(text)));
  await leave(page);
}
