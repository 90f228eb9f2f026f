// What is held for a check: it can be seen that it is, it is in nobody's way, and it can be removed and brought back.
import {
  callApi,
  check,
  desktop,
  expect,
  expectAccessible,
  phone,
  screenMs,
  settle,
  until,
} from './harness.mjs';
import { expectReachable, strips, upload } from './pictures.mjs';
import { leave, tile, visit } from './stock.mjs';

async function fewHeldChecks({ browser, errors }) {
  const held = [];
  await check(
    'own pictures: the studio says that they are held before it takes one, and offers those made here',
    async () => {
      const page = await visit(browser, phone, errors);
      await page.getByRole('button', { name: 'Start from', exact: true }).click();
      await page.getByText(/cannot be used yet/).waitFor();
      await settle(page, 'own-picture-phone');
      await expectAccessible(page);
      await page.getByRole('list', { name: 'Made here' }).getByRole('button').first().click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByText('Starts from this picture').waitFor();
      await leave(page);
    },
  );
  await check(
    'own pictures: from two on they are one bar; each has a tile behind it, and can be removed',
    async () => {
      for (const [width, height] of strips) held.push(await upload(width, height));
      const page = await visit(browser, phone, errors);
      const tiles = page.locator('[data-held]');
      const bar = page.getByRole('region', { name: 'Not shown' });
      await bar.getByText(`${held.length} held for a check`, { exact: true }).waitFor();
      expect((await tiles.count()) === 0, 'they are among the pictures');
      await settle(page, 'few-held-phone');
      await bar.getByRole('button', { name: 'Show what is held' }).click();
      for (const { id } of held) {
        const one = page.locator(`[data-held="${id}"]`);
        await one.scrollIntoViewIfNeeded();
        await expectReachable(page, one, 'a held tile');
      }
      await settle(page, 'held-phone');
      for (const { id } of held) {
        const one = page.locator(`[data-held="${id}"]`);
        await one.getByRole('button', { name: 'Remove' }).click();
        await one.waitFor({ state: 'detached' });
      }
      expect((await tiles.count()) === 0, 'some are left');
      await bar.waitFor({ state: 'detached' });
      await leave(page);
    },
  );
  await check('own pictures: one that is held can be brought back from the trash', async () => {
    const page = await visit(browser, phone, errors, '/library?show=trash');
    const one = page.locator(`[data-held="${held[0].id}"]`);
    await one.getByRole('button', { name: 'Bring back' }).click();
    await one.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Workspace' }).click();
    await one.getByRole('button', { name: 'Remove' }).click();
    await one.waitFor({ state: 'detached' });
    await leave(page);
  });
}

const many = 130;
const heldNow = async () => {
  const all = [];
  for (let cursor = ''; cursor !== null;) {
    const page = await callApi(
      'GET',
      `/api/v1/assets?state=staging&limit=200${cursor && `&cursor=${cursor}`}`,
    );
    all.push(...page.items);
    cursor = page.next_cursor;
  }
  return all.filter(({ links }) => links.original === undefined).length;
};
const areHeld = (count) => until(heldNow, (now) => now === count, 'held', screenMs);

async function manyHeldChecks({ browser, errors, pictures }) {
  for (let made = 0; made < many; made++) await upload(40, 40);
  for (const [name, size] of Object.entries({ phone, desktop })) {
    const page = await visit(browser, size, errors);
    const bar = page.getByRole('region', { name: 'Not shown' });
    const tiles = page.locator('[data-held]');
    await check(`many that are held are one bar, behind which the pictures are found, ${name}`, async () => {
      await bar.getByText(`${many} held for a check`, { exact: true }).waitFor();
      await tile(page, pictures[0].id).waitFor();
      expect((await tiles.count()) === 0, 'they are among the pictures');
      const { height } = await bar.boundingBox();
      expect(height <= 110, `it is ${height} px high`);
      await settle(page, `many-held-${name}`);
      await expectAccessible(page);
      await bar.getByRole('button', { name: 'Show what is held' }).click();
      await tiles.first().waitFor();
      await bar.getByRole('button', { name: 'Hide what is held' }).click();
      await tiles.first().waitFor({ state: 'detached' });
    });
    await check(`all that are held are removed at once, by key, and come back at once, ${name}`, async () => {
      await bar.getByRole('button', { name: /^Remove all/ }).focus();
      await page.keyboard.press('Enter');
      await bar.waitFor({ state: 'detached' });
      await page.locator('[data-toast]').getByText(`${many} moved to the trash.`).waitFor();
      await areHeld(0);
      await tile(page, pictures[0].id).waitFor();
      await page.keyboard.press('u');
      await areHeld(many);
      await bar.getByText(`${many} held for a check`, { exact: true }).waitFor();
    });
    await check(`what could not be removed stays, and the rest can come back, ${name}`, async () => {
      let removed = 0;
      await page.route('**/discard', (route) => {
        if (++removed <= 50) return route.continue();
        const detail = 'The disk is full.';
        return route.fulfill({
          status: 404,
          json: { code: 'unavailable', detail, status: 404 },
        });
      });
      await bar.getByRole('button', { name: /^Remove all/ }).click();
      await page
        .locator('[data-toast]')
        .getByText(`50 of ${many} moved to the trash. The disk is full.`)
        .waitFor();
      await bar.getByText(`${many - 50} held for a check`, { exact: true }).waitFor();
      await page.unroute('**/discard');
      await page.keyboard.press('u');
      await areHeld(many);
    });
    await leave(page);
  }
  const page = await visit(browser, phone, errors);
  await page.getByRole('button', { name: /^Remove all/ }).click();
  await areHeld(0);
  await leave(page);
}

export async function heldChecks(all) {
  await fewHeldChecks(all);
  await manyHeldChecks(all);
}
