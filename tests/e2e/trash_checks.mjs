// The trash in the browser: how long things stay, deleting for good, and what other pages see of it.
import {
  baseUrl,
  callApi,
  check,
  desktop,
  expect,
  expectAccessible,
  phone,
  settle,
  until,
} from './harness.mjs';
import { generation, kind, leave, makePictures, opener, tile, visit } from './stock.mjs';

const trashPath = '/library?show=trash';
const secondMs = 1_000;

const discard = (id) => callApi('POST', `/api/v1/assets/${id}/discard`);
const trash = () => callApi('GET', '/api/v1/trash');
const isGone = async (id) => (await fetch(`${baseUrl}/api/v1/assets/${id}`)).status === 404;
const button = (page, name) => page.getByRole('button', { name, exact: true });

async function askToDelete(page, id) {
  await tile(page, id).hover();
  await tile(page, id).getByRole('button', { name: 'More for this one' }).click();
  await page.getByRole('menuitem', { name: 'Delete for good' }).click();
}

/** A picture that was made from another one. */
async function childOf(source) {
  const asked = {
    kind,
    prompt: 'a red fox',
    steps: 4,
    source_asset_id: source,
    strength: 0.5,
  };
  const { id } = await callApi('POST', '/api/v1/generations', asked);
  const done = await until(
    () => generation(id),
    (one) => one.ended_at !== null,
    'a picture from another',
  );
  return done.assets[0].id;
}

async function deleting({ browser, errors }, [first, second, source]) {
  const page = await visit(browser, desktop, errors, trashPath);
  const other = await visit(browser, phone, errors, trashPath);
  for (const { id } of [first, second, source]) await discard(id);
  await check('trash: what is discarded elsewhere comes in, with the days that it has', async () => {
    for (const one of [page, other])
      await tile(one, first.id).getByText('30 days', { exact: true }).waitFor();
    const { assets } = await trash();
    await page.locator('[data-trash]').getByText(`${assets} items`).waitFor();
    await expectAccessible(page);
  });
  await check('trash: deleting asks first, and "Cancel" keeps it', async () => {
    await askToDelete(page, first.id);
    await page.getByRole('dialog').getByText('There is no way back.').waitFor();
    await expectAccessible(page);
    await button(page, 'Cancel').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(!(await isGone(first.id)), 'it is gone');
  });
  await check(
    'trash: what is deleted is gone on every page within a second, and the storage is told',
    async () => {
      const before = await trash();
      await askToDelete(page, first.id);
      await button(page, 'Delete for good').click();
      await page
        .getByText(/^Deleted for good\. .*B given back\.$/)
        .first()
        .waitFor();
      await tile(other, first.id).waitFor({
        state: 'detached',
        timeout: secondMs,
      });
      expect((await tile(page, first.id).count()) === 0, 'it is still here');
      expect(await isGone(first.id), 'the server still has it');
      await other
        .locator('[data-trash]')
        .getByText(`${before.assets - 1} items`)
        .waitFor();
    },
  );
  await check('trash: a viewer closes when what it shows is deleted elsewhere', async () => {
    await opener(other, second.id).click();
    await other.getByRole('dialog').waitFor();
    await callApi('DELETE', `/api/v1/assets/${second.id}`);
    await other.getByRole('dialog').waitFor({ state: 'detached' });
    await other.waitForURL((url) => !url.searchParams.has('view'));
  });
  await leave(page);
  await leave(other);
}

async function withoutItsStart({ browser, errors }, source, child) {
  await callApi('DELETE', `/api/v1/assets/${source.id}`);
  const page = await visit(browser, desktop, errors, `/?view=${child}`);
  await check('trash: a picture whose start was deleted says so', async () => {
    await page.getByText('a picture that has been deleted').waitFor();
    await settle(page, 'start-deleted');
  });
  await check('trash: "Remix" of it goes on without the start, and says so', async () => {
    await button(page, 'Remix').click();
    await page
      .getByText(/has been deleted, so it starts from nothing/)
      .first()
      .waitFor();
    expect((await page.locator('[data-source]').count()) === 0, 'there is a start');
  });
  await leave(page);
}

async function emptying({ browser, errors }, pictures, size, name) {
  for (const { id } of pictures) await discard(id);
  const page = await visit(browser, size, errors, trashPath);
  const other = await visit(browser, desktop, errors, trashPath);
  await check(`trash, ${name}: emptying says how many and how much, and does it on every page`, async () => {
    await tile(other, pictures[0].id).waitFor();
    await settle(page, `trash-${name}`);
    const { assets } = await trash();
    await button(page, 'Empty trash').click();
    const dialog = page.getByRole('dialog');
    await dialog
      .getByText(new RegExp(`^All ${assets} items in it, [0-9.]+ [kM]B, are deleted for good`))
      .waitFor();
    await settle(page, `trash-empty-${name}`);
    await dialog.getByRole('button', { name: `Delete ${assets} items for good` }).click();
    // At once, for the notice goes again after some seconds.
    await Promise.all([
      page.getByText(`${assets} items deleted for good.`).first().waitFor(),
      ...[page, other].map((one) => one.getByText('The trash is empty', { exact: true }).waitFor()),
    ]);
    await settle(page, `trash-emptied-${name}`);
    expect((await trash()).assets === 0, 'the server has some left');
    await page.locator('[data-trash]').waitFor({ state: 'detached' });
  });
  await leave(page);
  await leave(other);
}

export async function trashChecks(context) {
  const [source, ...pictures] = await makePictures(7, 'a blue owl');
  const child = await childOf(source.id);
  await deleting(context, [...pictures.slice(0, 2), source]);
  await withoutItsStart(context, source, child);
  await emptying(context, pictures.slice(2, 4), phone, 'phone');
  await emptying(context, pictures.slice(4), desktop, 'desktop');
}
