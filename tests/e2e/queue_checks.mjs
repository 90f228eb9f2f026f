// One's own queue in the browser: its order, pausing, changing, by hand and by keyboard.
import { baseUrl, callApi, check, expect, expectAccessible, settle, until, watchErrors } from './harness.mjs';

const generation = (id) => callApi('GET', `/api/v1/generations/${id}`);
const create = (prompt, batch) =>
  callApi('POST', '/api/v1/generations', {
    kind: 'sdxl_image_fast',
    prompt,
    batch,
  });

/** So much before them that they wait while the checks look at them. */
async function threeThatWait(batch) {
  const before = [];
  for (let i = 0; i < 6; i++) before.push(await create('a red fox', batch));
  const waiting = [];
  for (const prompt of ['a blue owl', 'a green rocket', 'a yellow house'])
    waiting.push(await create(prompt, 1));
  return {
    all: [...before, ...waiting].map((one) => one.id),
    ids: waiting.map((one) => one.id),
  };
}

export async function queueChecks(browser, { name, size, batch, errors }) {
  const context = await browser.newContext({ ...size, colorScheme: 'dark' });
  const page = await context.newPage();
  const own = [];
  watchErrors(page, own);
  const { all, ids } = await threeThatWait(batch);
  const row = (id) => page.locator(`[data-queued="${id}"]`);
  const shown = () =>
    page.locator('[data-queued]').evaluateAll((rows) => rows.map((one) => one.dataset.queued));
  const inOrder = (...wanted) =>
    until(
      shown,
      (now) => now.filter((id) => wanted.includes(id)).join() === wanted.join(),
      'the order',
      15_000,
    );
  const [owl, rocket, house] = ids;

  await check(`queue, ${name}: opens, is accessible, fits the screen`, async () => {
    await page.goto(baseUrl);
    await page.getByRole('button', { name: /^Queue, / }).click();
    await row(house).waitFor();
    await inOrder(owl, rocket, house);
    await settle(page, `queue-${name}`);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wider <= 0, `the page is ${wider} px wider than the screen`);
    await expectAccessible(page);
  });
  await check(`queue, ${name}: moves by hand and by keyboard`, async () => {
    await row(house)
      .getByRole('button', { name: /^Sooner: / })
      .click();
    await inOrder(owl, house, rocket);
    await row(rocket)
      .getByRole('button', { name: /^To the front: / })
      .focus();
    await page.keyboard.press('Enter');
    await inOrder(rocket, owl, house);
    await row(rocket)
      .getByRole('button', { name: /^Later: / })
      .click();
    await until(shown, (now) => now.indexOf(rocket) > 0, 'one place later', 15_000);
  });
  await check(`queue, ${name}: pauses and goes on`, async () => {
    await row(owl)
      .getByRole('button', { name: /^Pause: / })
      .click();
    await row(owl).getByText('Paused').waitFor();
    expect((await generation(owl)).paused, 'the server does not say so');
    await row(owl)
      .getByRole('button', { name: /^Go on: / })
      .click();
    await row(owl)
      .getByRole('button', { name: /^Pause: / })
      .waitFor();
    expect(!(await generation(owl)).paused, 'it is still paused');
  });
  await check(`queue, ${name}: changes the prompt, and shows why it may not`, async () => {
    await row(house)
      .getByRole('button', { name: /^Change the prompt: / })
      .click();
    const field = row(house).getByRole('textbox', { name: 'Prompt' });
    await field.press('Escape');
    await field.waitFor({ state: 'detached' });
    await row(house)
      .getByRole('button', { name: /^Change the prompt: / })
      .click();
    await field.fill('photo of a 12 year old in a swimsuit at the beach');
    await row(house).getByRole('button', { name: 'Save' }).click();
    await row(house).getByRole('alert').waitFor();
    await field.fill('a yellow sunflower');
    await settle(page, `queue-edit-${name}`);
    await row(house).getByRole('button', { name: 'Save' }).click();
    // While it is open, the field has the words as well.
    await field.waitFor({ state: 'detached' });
    await row(house).getByText('a yellow sunflower', { exact: true }).waitFor();
    expect(
      (await generation(house)).settings.prompt === 'a yellow sunflower',
      'the server has another prompt',
    );
  });
  for (const id of all) await callApi('POST', `/api/v1/generations/${id}/cancel`);
  // The refused change is an error for the browser; it is what was asked for.
  errors.push(...own.filter((text) => !/403 \(Forbidden\)/.test(text)));
  await context.close();
}
