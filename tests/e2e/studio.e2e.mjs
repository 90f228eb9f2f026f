// Drives a real browser against a running real product; see README.md.
import {
  baseUrl,
  callApi,
  check,
  desktop,
  engineMs,
  expect,
  expectAccessible,
  finish,
  openBrowser,
  openCable,
  phone,
  screenMs,
  settle,
  skip,
  until,
  watchErrors,
} from './harness.mjs';
import { chatChecks } from './chat_checks.mjs';
import { numberChecks } from './number_checks.mjs';
import { queueChecks } from './queue_checks.mjs';
import { screenChecks } from './screen_checks.mjs';

const browser = await openBrowser();
const errors = [];
const context = await browser.newContext({ ...desktop, colorScheme: 'dark' });
context.setDefaultTimeout(screenMs);
const page = await context.newPage();
watchErrors(page, errors);

const { items: kinds } = await callApi('GET', '/api/v1/kinds');
const kindNamed = (name) => kinds.find((kind) => kind.name === name);
const picture = kindNamed('sdxl_image_fast');
const clip = kindNamed('video_fast');
const talk = kindNamed('chat_conversation');
const largestBatch = Math.max(...picture.batches);
const prompt = picture.example_prompts[0];

const pending = (id) => page.locator(`[data-generation="${id}"]`);
const assetTile = (id) => page.locator(`[data-asset="${id}"]`);
const field = () => page.getByRole('textbox', { name: 'Prompt' });
const generation = (id) => callApi('GET', `/api/v1/generations/${id}`);
/** Waits for the first picture or clip of a generation; one that has failed is not waited for. */
async function firstAsset(id) {
  const seen = await until(
    () => generation(id),
    (one) => one.assets.length > 0 || one.ended_at !== null,
    'a first result',
  );
  expect(seen.assets.length > 0, `${seen.state}: ${JSON.stringify(seen.error)}`);
  return seen;
}

const toast = (text) => page.getByText(text, { exact: true });

/** Presses Generate and answers the generation that the server has accepted. */
async function generate(words) {
  await field().fill(words);
  const [response] = await Promise.all([
    page.waitForResponse(
      (one) => one.url().endsWith('/api/v1/generations') && one.request().method() === 'POST',
    ),
    field().press('Enter'),
  ]);
  expect(response.status() === 202, `accepted with ${response.status()}: ${await response.text()}`);
  return response.json();
}

async function choose(menu, item) {
  await page.getByRole('button', { name: menu }).click();
  await page.getByRole('menuitemradio', { name: item }).click();
}

const loaded = (locator) =>
  locator.evaluate(
    (image) =>
      new Promise((resolve, reject) => {
        const decide = () =>
          image.naturalWidth > 0 ? resolve(image.naturalWidth) : reject(new Error('broken picture'));
        if (image.complete) decide();
        else {
          image.addEventListener('load', decide);
          image.addEventListener('error', decide);
        }
      }),
  );

/** With as many steps as there may be, a batch takes long enough to be watched, reloaded and canceled on any machine. */
async function takeManySteps() {
  const advanced = page.getByRole('button', { name: /^Advanced/ });
  await advanced.click();
  await page.getByRole('slider', { name: 'Steps' }).press('End');
  await advanced.click();
  await page.getByRole('slider', { name: 'Steps' }).waitFor({ state: 'detached' });
}

/** Makes one picture and waits until it stands in the grid. */
async function makePicture(words) {
  const { id } = await generate(words);
  const done = await firstAsset(id);
  const asset = done.assets[0];
  await assetTile(asset.id).waitFor();
  return asset;
}

async function pictureChecks() {
  let id;
  let boxBefore;
  await check('an empty prompt is refused beside the field', async () => {
    await page.goto(baseUrl);
    await field().fill('');
    await field().press('Enter');
    await page.getByRole('alert').getByText('Write what you want to see first.').waitFor();
    expect((await field().getAttribute('aria-invalid')) === 'true', 'the field is not marked');
  });
  await check('a submitted prompt appears at once as tiles, one for each picture', async () => {
    await choose(/^How many/, `${largestBatch} pictures`);
    await takeManySteps();
    ({ id } = await generate(prompt));
    await pending(id).first().waitFor();
    const count = (await pending(id).count()) + (await page.locator('[data-asset]').count());
    expect(count >= largestBatch, `${count} tiles of ${largestBatch}`);
    boxBefore = await pending(id).first().boundingBox();
  });
  await check('a live preview appears while it is being made', async () => {
    const preview = pending(id).locator('img[data-preview]');
    await preview.first().waitFor({ timeout: engineMs });
    await loaded(preview.first());
    await settle(page, 'making-desktop');
  });
  await check('a reload in the middle of the job brings everything back', async () => {
    await page.reload();
    await pending(id).first().waitFor();
    await page.locator(`[data-generation="${id}"] [role=progressbar]`).first().waitFor({ timeout: engineMs });
  });
  let asset;
  await check('each picture takes its tile the moment it is done, without a jump', async () => {
    const first = await firstAsset(id);
    asset = first.assets[0];
    await assetTile(asset.id).waitFor();
    await loaded(assetTile(asset.id).locator('img').first());
    const box = await assetTile(asset.id).boundingBox();
    expect(
      Math.abs(box.width - boxBefore.width) < 2,
      `the tile grew from ${boxBefore.width} to ${box.width}`,
    );
    expect(Math.abs(box.height - boxBefore.height) < 2, `from ${boxBefore.height} to ${box.height} high`);
    if (first.state === 'running') expect((await pending(id).count()) > 0, 'the others have no tile');
  });
  await check('cancel stops a running job, keeps what is finished, and says what it costs', async () => {
    await page.getByRole('button', { name: 'Cancel the rest of the batch' }).first().click();
    await page
      .getByText(/^Canceled\./)
      .first()
      .waitFor();
    const after = await generation(id);
    expect(after.state === 'canceled', `the state is ${after.state}`);
    await pending(id).first().waitFor({ state: 'detached' });
    await assetTile(asset.id).waitFor();
  });
  await check('the worker is free again: a following job is made', async () => {
    await choose(/^How many/, '1 picture');
    await makePicture(prompt);
  });
  return asset;
}

async function decisionChecks(asset) {
  await check('discard is undone by one touch', async () => {
    await assetTile(asset.id).hover();
    await assetTile(asset.id).getByRole('button', { name: 'Discard' }).click();
    await assetTile(asset.id).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await assetTile(asset.id).waitFor();
  });
  await check('the viewer shows how it was made, and its settings go back to the composer', async () => {
    await assetTile(asset.id).getByRole('button', { name: /^Open/ }).click();
    const viewer = page.getByRole('dialog');
    await viewer.getByText(String(asset.seed), { exact: true }).waitFor();
    await settle(page, 'viewer-desktop');
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
    await field().fill('');
    await assetTile(asset.id).getByRole('button', { name: /^Open/ }).click();
    await viewer.getByText('Use all settings').click();
    await page.waitForFunction((words) => document.getElementById('prompt')?.value === words, prompt);
    await viewer.waitFor({ state: 'detached' });
  });
  await check('a kept picture leaves the workspace and stands in the library', async () => {
    await assetTile(asset.id).getByRole('button', { name: /^Open/ }).focus();
    await page.keyboard.press('k');
    await assetTile(asset.id).waitFor({ state: 'detached' });
    await toast('Kept in your library.').first().waitFor();
    await page.getByRole('link', { name: 'Library' }).click();
    await assetTile(asset.id).waitFor();
    await loaded(assetTile(asset.id).locator('img').first());
  });
  await check('what is discarded waits in the trash and can be brought back', async () => {
    await assetTile(asset.id).hover();
    await assetTile(asset.id).getByRole('button', { name: 'Discard' }).click();
    await assetTile(asset.id).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Trash' }).click();
    await assetTile(asset.id).hover();
    await assetTile(asset.id).getByRole('button', { name: 'Bring back' }).click();
    await page.getByRole('link', { name: 'Workspace' }).click();
    await assetTile(asset.id).waitFor();
  });
}

async function imageToImageCheck(asset) {
  if (!picture.image_to_image) return skip('a picture starts from another', 'the model cannot');
  await check('a picture starts from another one', async () => {
    await assetTile(asset.id).hover();
    await assetTile(asset.id).getByRole('button', { name: 'More for this one' }).click();
    await page.getByRole('menuitem', { name: 'Use as starting picture' }).click();
    await page.locator(`[data-source="${asset.id}"]`).waitFor();
    await page.getByRole('button', { name: /^Change how much/ }).click();
    await page.getByRole('radio', { name: 'A little' }).click();
    await page.keyboard.press('Escape');
    const made = await makePicture(prompt);
    const { settings } = await generation(made.generation_id);
    expect(settings.source_asset_id === asset.id, 'the source is not in the settings');
    expect(settings.strength < 0.5, `the strength is ${settings.strength}`);
    await page.getByRole('button', { name: 'Remove the starting picture' }).click();
  });
}

async function streamChecks() {
  await check('a cut connection is told, and nothing that happened meanwhile is missing', async () => {
    const cable = await openCable();
    const own = await browser.newContext(desktop);
    const visitor = await own.newPage();
    const lost = visitor.getByText(/^The connection to your studio is gone/);
    await visitor.goto(cable.url);
    await visitor.locator('[data-asset]').first().waitFor();
    cable.cut();
    await lost.waitFor();
    const { id } = await callApi('POST', '/api/v1/generations', {
      kind: picture.name,
      prompt,
    });
    const done = await until(
      () => generation(id),
      (one) => one.ended_at !== null,
      'a picture',
    );
    expect(
      (await visitor.locator(`[data-asset="${done.assets[0].id}"]`).count()) === 0,
      'the cable is not cut',
    );
    cable.heal();
    await lost.waitFor({ state: 'detached' });
    await visitor.getByRole('button', { name: 'Show 1 new' }).click();
    await visitor.locator(`[data-asset="${done.assets[0].id}"]`).waitFor();
    await own.close();
    cable.close();
  });
  await check('a second window shows the same', async () => {
    const other = await context.newPage();
    await other.goto(baseUrl);
    await other.locator('[data-asset]').first().waitFor();
    const { id } = await generate(prompt);
    const done = await firstAsset(id);
    await other.getByRole('button', { name: 'Show 1 new' }).click();
    await other.locator(`[data-asset="${done.assets[0].id}"]`).waitFor();
    await other.close();
  });
}

async function clipChecks() {
  if (!clip.available) return skip('a clip is made and plays', clip.unavailable_reason);
  await check('a clip is made and plays', async () => {
    await page.goto(baseUrl);
    await choose(/^What to make/, /^Clip, fast/);
    const { id } = await generate(clip.example_prompts[0] ?? prompt);
    await pending(id).first().waitFor();
    const done = await until(
      () => generation(id),
      (one) => one.ended_at !== null,
      'a clip',
    );
    expect(done.state === 'succeeded', `${done.state}: ${JSON.stringify(done.error)}`);
    const tile = assetTile(done.assets[0].id);
    await tile.waitFor();
    await tile.getByRole('button', { name: /^Open/ }).click();
    await page.waitForFunction(() => (document.querySelector('[role=dialog] video')?.currentTime ?? 0) > 0.2);
    await settle(page, 'clip-desktop');
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await choose(/^What to make/, /^Picture, fast/);
  });
}

async function enhanceCheck() {
  const enhancer = kindNamed('chat_enhance');
  if (!enhancer.available) return skip('prompt help', enhancer.unavailable_reason);
  await check('prompt help shows both texts and changes nothing before it is accepted', async () => {
    await page.goto(baseUrl);
    await field().fill(prompt);
    await page.getByRole('button', { name: /richer prompt/ }).click();
    const sheet = page.getByRole('dialog');
    // The suggestion may begin with the same words, so not just any text with them.
    await sheet.locator('p').filter({ hasText: prompt }).waitFor();
    await sheet.getByText('You can change it before you use it.').waitFor({ timeout: engineMs });
    await expectAccessible(page);
    // Behind the open sheet the field is hidden from roles, so it is read by its id.
    expect((await page.locator('#prompt').inputValue()) === prompt, 'the prompt was changed');
    await sheet.getByRole('button', { name: 'Keep mine' }).click();
    expect((await field().inputValue()) === prompt, 'the prompt was changed');
  });
}

const opened = await check('the app opens', async () => {
  await page.goto(baseUrl);
  await field().waitFor();
});
if (!opened) {
  await browser.close();
  finish();
  process.exit(1);
}
const asset = await pictureChecks();
if (asset) {
  await decisionChecks(asset);
  await imageToImageCheck(asset);
}
await streamChecks();
await numberChecks(browser, errors);
await queueChecks(browser, {
  name: 'phone',
  size: phone,
  batch: largestBatch,
  errors,
});
await queueChecks(browser, {
  name: 'desktop',
  size: desktop,
  batch: largestBatch,
  errors,
});
await clipChecks();
await enhanceCheck();
await chatChecks(browser, talk);
for (const colorScheme of ['dark', 'light']) {
  await screenChecks(browser, {
    name: 'phone',
    size: phone,
    colorScheme,
    errors,
  });
  await screenChecks(browser, {
    name: 'desktop',
    size: desktop,
    colorScheme,
    errors,
  });
}
await check('the browser has reported no error', async () => {
  const serious = errors.filter((text) => !/404 \(Not Found\)/.test(text));
  expect(serious.length === 0, serious.join('\n'));
});
await browser.close();
process.exit(finish() ? 0 : 1);
