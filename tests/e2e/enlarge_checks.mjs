// The best of several, enlarged at the end: asked for by hand, chosen on a phone, and stopped while it is being enlarged.
import {
  callApi,
  check,
  desktop,
  engineMs,
  expect,
  expectAccessible,
  phone,
  settle,
  until,
} from './harness.mjs';
import { balance, expectBalance, generation, look, openWorkspace } from './run_checks.mjs';

const prompt = 'a red fox';
const stepOf = (run, name) => run.steps.find((step) => step.name === name);
const groupOf = (page, { id }) => page.locator(`[data-run="${id}"]`);

async function askByHand(browser, errors) {
  const { page, close } = await openWorkspace(browser, desktop, errors);
  const field = page.getByRole('textbox', { name: 'Prompt' });
  await field.fill(prompt);
  const howMany = page.getByRole('button', { name: /^How many/ });
  await howMany.click();
  await page.getByRole('menuitemradio', { name: /^Best of 3/ }).click();
  await howMany.click();
  await page.getByRole('menuitemradio', { name: /^Enlarged/ }).waitFor();
  await settle(page, 'enlarge-choice-desktop');
  await page.getByRole('menuitemradio', { name: /^Enlarged/ }).click();
  await page.getByRole('button', { name: /^Generate · at most 5 credits/ }).waitFor();
  const [response] = await Promise.all([
    page.waitForResponse((one) => one.url().endsWith('/api/v1/runs') && one.request().method() === 'POST'),
    field.press('Enter'),
  ]);
  const run = await response.json();
  await groupOf(page, run).waitFor();
  await close();
  return run;
}

async function waitForChoice(run) {
  await until(
    () => look(run.id),
    ({ state }) => state === 'waiting',
    'drafts',
  );
  const { assets } = await generation(stepOf(run, 'draft').generation_id);
  return assets;
}

async function toTheEnd(browser, errors) {
  await check('the best of three, enlarged: from asking to the large picture', async () => {
    const before = await balance();
    const run = await askByHand(browser, errors);
    await expectBalance(before, { held: 5, spent: 0 }, 'at the start');
    await waitForChoice(run);
    const { page, close } = await openWorkspace(browser, phone, errors);
    await groupOf(page, run)
      .getByRole('button', { name: /^Choose this one/ })
      .first()
      .click();
    const done = await until(
      () => look(run.id),
      ({ state }) => state === 'succeeded',
      'all of it',
    );
    const [full] = (await generation(stepOf(done, 'full').generation_id)).assets;
    const [large] = (await generation(stepOf(done, 'enlarged').generation_id)).assets;
    expect(
      large.width === full.width * 4 && large.height === full.height * 4,
      `${large.width} x ${large.height} of ${full.width} x ${full.height}`,
    );
    await groupOf(page, run).locator(`[data-asset="${large.id}"]`).waitFor();
    await settle(page, 'enlarged-phone');
    await expectAccessible(page);
    await expectBalance(before, { held: 0, spent: 5 }, 'at the end');
    await close();
  });
}

async function stopped(browser, errors) {
  await check(
    'a picture that is being enlarged is stopped: it stays as it is, and the rest is given back',
    async () => {
      const before = await balance();
      const run = await callApi('POST', '/api/v1/runs', {
        workflow: 'keep_the_best',
        draft: { kind: 'sdxl_image_fast', prompt, steps: 4 },
        full: { kind: 'sdxl_image_high', steps: 4 },
        enlarge: true,
      });
      const [draft] = await waitForChoice(run);
      const { page, close } = await openWorkspace(browser, desktop, errors);
      const group = groupOf(page, run);
      await group.waitFor();
      await callApi('POST', `/api/v1/runs/${run.id}/approve`, { asset_id: draft.id });
      await group
        .getByRole('heading', { name: 'Enlarging the one you chose' })
        .waitFor({ timeout: engineMs });
      await group.getByRole('button', { name: 'Cancel' }).click();
      await page
        .getByText('Canceled. The picture in full quality stays; 1 credit given back.', { exact: true })
        .first()
        .waitFor();
      const [full] = (await generation(stepOf(run, 'full').generation_id)).assets;
      await page.locator(`[data-asset="${full.id}"]`).waitFor();
      await settle(page, 'enlarge-stopped-desktop');
      await expectBalance(before, { held: 0, spent: 2 }, 'at the end');
      await close();
    },
  );
}

export async function enlargeChecks({ browser, errors }) {
  await toTheEnd(browser, errors);
  await stopped(browser, errors);
}
