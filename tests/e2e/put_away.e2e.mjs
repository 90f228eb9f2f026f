// What has failed and is put away, in two browsers: tests/api/queue_tests.py makes three failures and runs this. FAILED is their ids.
import { check, desktop, expect, expectAccessible, finish, openBrowser, phone, settle } from './harness.mjs';
import { leave, visit } from './stock.mjs';

const [first, second, third] = process.env.FAILED.split(',');
const browser = await openBrowser();
const errors = [];
const failed = (page, id) => page.locator(`[data-failed="${id}"]`);
const putAway = (page, id) => failed(page, id).getByRole('button', { name: 'Put away', exact: true }).click();
const gone = (page, id) => failed(page, id).waitFor({ state: 'detached' });
const toast = (page, text) => page.locator('[data-toast]').filter({ hasText: text });

const one = await visit(browser, phone, errors);
const other = await visit(browser, desktop, errors);
await check('what is put away in one browser goes in the other, and stays away after a reload', async () => {
  for (const page of [one, other]) await failed(page, first).waitFor();
  await putAway(one, first);
  await gone(one, first);
  await gone(other, first);
  await other.reload();
  await failed(other, second).waitFor();
  expect((await failed(other, first).count()) === 0, 'it is there again');
});
await check('"Undo" shows it again in both, all that were put away one after the other', async () => {
  await putAway(one, second);
  await toast(one, '2 put away').waitFor();
  await settle(one, 'put-away-phone');
  await settle(other, 'put-away-desktop');
  await expectAccessible(one);
  await toast(one, '2 put away').getByRole('button', { name: 'Undo' }).click();
  for (const page of [one, other]) for (const id of [first, second]) await failed(page, id).waitFor();
});
await check(
  'what one browser had put away before the studio kept note of it is put away everywhere',
  async () => {
    await one.evaluate((id) => localStorage.setItem('ourvidz.dismissed', JSON.stringify([id])), third);
    await one.reload();
    await failed(one, first).waitFor();
    await gone(other, third);
    expect((await failed(one, third).count()) === 0, 'it is there again');
    await one.waitForFunction(() => localStorage.getItem('ourvidz.dismissed') === null);
  },
);
await check('the console had no errors', async () => expect(errors.length === 0, errors.join('\n')));
for (const page of [one, other]) await leave(page);
await browser.close();
process.exit(finish() ? 0 : 1);
