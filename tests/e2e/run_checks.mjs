// The best of several drafts: asked for on one device, chosen on another, stopped at each step with the balance as quoted.
import {
  baseUrl,
  callApi,
  check,
  desktop,
  engineMs,
  expect,
  expectAccessible,
  phone,
  settle,
  until,
  watchErrors,
} from './harness.mjs';

const prompt = 'a red fox';
export const look = (id) => callApi('GET', `/api/v1/runs/${id}`);
export const generation = (id) => callApi('GET', `/api/v1/generations/${id}`);
export const balance = async () => {
  const { held, spent } = await callApi('GET', '/api/v1/ledger');
  return { held, spent };
};
const waitFor = (id, state) =>
  until(
    () => look(id),
    (run) => run.state === state,
    `the run is ${state}`,
  );

/** By a program, which says how long each step takes. */
const begin = (batch, draftSteps, fullSteps) =>
  callApi('POST', '/api/v1/runs', {
    workflow: 'keep_the_best',
    draft: { kind: 'sdxl_image_fast', prompt, batch, steps: draftSteps },
    full: { kind: 'sdxl_image_high', steps: fullSteps },
  });

export async function expectBalance(before, { held, spent }, when) {
  const right = (now) => now.held - before.held === held && now.spent - before.spent === spent;
  await until(
    balance,
    right,
    `${held} set aside and ${spent} spent ${when}, beginning with ${JSON.stringify(before)}`,
    15_000,
  );
}

export async function openWorkspace(browser, size, errors) {
  const context = await browser.newContext({ ...size, colorScheme: 'dark' });
  const page = await context.newPage();
  watchErrors(page, errors);
  await page.goto(baseUrl);
  return { page, close: () => context.close() };
}

const groupOf = (page, { id }, phase) =>
  page.locator(phase ? `[data-run="${id}"][data-phase="${phase}"]` : `[data-run="${id}"]`);
const chooseButtons = (group) => group.getByRole('button', { name: /^Choose this one/ });

async function fits(page) {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wider <= 0, `the page is ${wider} px wider than the screen`);
}

/** Asked for by hand on a wide screen; answers the run. */
async function askByHand(browser, errors) {
  const { page, close } = await openWorkspace(browser, desktop, errors);
  const field = page.getByRole('textbox', { name: 'Prompt' });
  await field.fill(prompt);
  await page.getByRole('button', { name: /^How many/ }).click();
  await page.getByRole('menuitemradio', { name: /^Best of 3/ }).waitFor();
  await settle(page, 'best-choice-desktop');
  await page.getByRole('menuitemradio', { name: /^Best of 3/ }).click();
  await page.getByRole('button', { name: /^Generate · at most 4 credits/ }).waitFor();
  const [response] = await Promise.all([
    page.waitForResponse((one) => one.url().endsWith('/api/v1/runs') && one.request().method() === 'POST'),
    field.press('Enter'),
  ]);
  expect(response.status() === 202, `accepted with ${response.status()}: ${await response.text()}`);
  const run = await response.json();
  await groupOf(page, run, 'drafting').waitFor();
  await page.getByRole('heading', { name: 'Drawing 3 drafts' }).waitFor();
  await settle(page, 'best-drafting-desktop');
  await close();
  return run;
}

/** On a phone: looked at large, then chosen. Answers the draft. */
async function chooseOnPhone(page, run, drafts) {
  const group = groupOf(page, run, 'choosing');
  await group.waitFor();
  expect((await chooseButtons(group).count()) === drafts.length, 'not every draft can be chosen');
  await settle(page, 'best-choosing-phone');
  await fits(page);
  await expectAccessible(page);
  const second = drafts.find(({ position }) => position === 1);
  await group.locator(`[data-asset="${second.id}"]`).getByRole('button', { name: /^Open/ }).click();
  const viewer = page.getByRole('dialog');
  await viewer.getByRole('button', { name: 'Choose this one' }).waitFor();
  await settle(page, 'best-viewer-phone');
  await viewer.getByRole('button', { name: 'Choose this one' }).click();
  await viewer.waitFor({ state: 'detached' });
  await groupOf(page, run, 'making').waitFor();
  await settle(page, 'best-making-phone');
  return second;
}

async function fromAskingToPicture(browser, errors) {
  const before = await balance();
  let run;
  const asked = await check('the best of three: asked for by hand, its price said before', async () => {
    run = await askByHand(browser, errors);
    await expectBalance(before, { held: 4, spent: 0 }, 'at the start');
  });
  if (!asked) return;
  await waitFor(run.id, 'waiting');
  const [draft, full] = run.steps.map((step) => step.generation_id);
  const { assets: drafts } = await generation(draft);
  const { page, close } = await openWorkspace(browser, phone, errors);
  await check('the best of three: chosen on a phone, with the first page closed long ago', async () => {
    await expectBalance(before, { held: 1, spent: 3 }, 'when the drafts are done');
    const chosen = await chooseOnPhone(page, run, drafts);
    await groupOf(page, run, 'done').waitFor({ timeout: engineMs });
    const made = await generation(full);
    expect(made.settings.source_asset_id === chosen.id, 'it was made of another draft');
    await groupOf(page, run).locator(`[data-asset="${made.assets[0].id}"]`).waitFor();
    await settle(page, 'best-done-phone');
    await fits(page);
    await expectAccessible(page);
    await expectBalance(before, { held: 0, spent: 4 }, 'at the end');
  });
  await check('the best of three: picture and drafts lead to each other', async () => {
    const made = await generation(full);
    await page.locator(`[data-asset="${made.assets[0].id}"]`).getByRole('button', { name: /^Open/ }).click();
    await page.getByRole('button', { name: 'How this was made' }).click();
    await page.getByText('Chosen from these drafts').waitFor();
    await page.getByRole('button', { name: 'Draft 1 of 3' }).scrollIntoViewIfNeeded();
    await settle(page, 'best-history-phone');
    await page.getByRole('button', { name: 'Draft 1 of 3' }).click();
    await page.getByText('Made of one of these drafts').waitFor();
    await page.getByRole('button', { name: 'The picture in full quality' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
  await check(
    'the best of three: its drafts are discarded together, and brought back by one Undo',
    async () => {
      await page.getByRole('button', { name: 'Discard 3 drafts' }).click();
      await groupOf(page, run).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Undo' }).last().click();
      await groupOf(page, run, 'done').waitFor();
      await until(
        async () => page.locator(`[data-run="${run.id}"] [data-asset]`).count(),
        (count) => count === 4,
        'all of it',
      );
    },
  );
  await close();
}

async function stoppedAtEachStep(browser, errors) {
  const { page, close } = await openWorkspace(browser, desktop, errors);
  const open = async (run) => {
    await page.reload();
    const group = groupOf(page, run);
    await group.waitFor();
    return group;
  };
  await check('drafts that are being drawn are stopped, and cost nothing', async () => {
    const before = await balance();
    const run = await begin(6, 40, 4);
    await expectBalance(before, { held: 7, spent: 0 }, 'at the start');
    await (await open(run)).getByRole('button', { name: 'Cancel' }).click();
    await waitFor(run.id, 'canceled');
    await expectBalance(before, { held: 0, spent: 0 }, 'at the end');
    await groupOf(page, run).waitFor({ state: 'detached' });
  });
  await check('none of the drafts: they stay, and the rest is given back', async () => {
    const before = await balance();
    const run = await begin(1, 4, 4);
    await waitFor(run.id, 'waiting');
    const group = await open(run);
    await page.getByRole('button', { name: /^Queue, 1 / }).click();
    await page.getByRole('dialog').getByText('Waits for you to choose a draft').waitFor();
    await page.keyboard.press('Escape');
    await settle(page, 'best-choosing-desktop');
    await group.getByRole('button', { name: 'None of them' }).click();
    await page
      .getByText('Canceled. The drafts stay; 1 credit given back.', {
        exact: true,
      })
      .first()
      .waitFor();
    await group.waitFor({ state: 'detached' });
    await expectBalance(before, { held: 0, spent: 1 }, 'at the end');
    const { assets } = await generation(run.steps[0].generation_id);
    await page.locator(`[data-asset="${assets[0].id}"]`).waitFor();
  });
  await check('a choice by keyboard alone is made in full, and stopped', async () => {
    const before = await balance();
    const run = await begin(3, 4, 40);
    await waitFor(run.id, 'waiting');
    const group = await open(run);
    await chooseButtons(group).nth(2).focus();
    await page.keyboard.press('Enter');
    await groupOf(page, run, 'making').waitFor();
    expect(
      (await page.evaluate(() => document.activeElement?.textContent)) === 'Making the one you chose',
      'the focus is lost',
    );
    await groupOf(page, run).locator('[role=progressbar]').waitFor({ timeout: engineMs });
    await settle(page, 'best-making-desktop');
    await group.getByRole('button', { name: 'Cancel' }).click();
    await waitFor(run.id, 'canceled');
    await group.waitFor({ state: 'detached' });
    await expectBalance(before, { held: 0, spent: 3 }, 'at the end');
  });
  await check('a choice that was waited for while sixty others came and went is still there', async () => {
    const run = await begin(1, 4, 4);
    await waitFor(run.id, 'waiting');
    const { assets } = await generation(run.steps[0].generation_id);
    await callApi('POST', `/api/v1/assets/${assets[0].id}/keep`);
    for (let i = 0; i < 61; i++) {
      const { id } = await callApi('POST', '/api/v1/generations', { kind: 'sdxl_image_fast', prompt });
      await callApi('POST', `/api/v1/generations/${id}/cancel`);
    }
    const group = await open(run);
    await group.locator(`[data-asset="${assets[0].id}"]`).waitFor();
    expect((await chooseButtons(group).count()) === 1, 'it cannot be chosen');
    await callApi('POST', `/api/v1/runs/${run.id}/cancel`);
    await group.waitFor({ state: 'detached' });
  });
  await check('a choice that another has made already is told of', async () => {
    const run = await begin(1, 4, 4);
    await waitFor(run.id, 'waiting');
    const group = await open(run);
    await page.route('**/approve', (route) =>
      route.fulfill({
        status: 409,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          code: 'conflict',
          detail: 'No choice is waited for here any more.',
        }),
      }),
    );
    await chooseButtons(group).click();
    await page.getByText('No choice is waited for here any more.', { exact: true }).first().waitFor();
    await page.unroute('**/approve');
    // It is still there to be chosen.
    await chooseButtons(group).click();
    await waitFor(run.id, 'succeeded');
    await groupOf(page, run, 'done').waitFor();
    await settle(page, 'best-done-desktop');
  });
  await close();
}

export async function runChecks({ browser, errors }) {
  const own = [];
  await fromAskingToPicture(browser, own);
  await stoppedAtEachStep(browser, own);
  // The choice that was refused on purpose.
  errors.push(...own.filter((text) => !/409 \(Conflict\)/.test(text)));
}
