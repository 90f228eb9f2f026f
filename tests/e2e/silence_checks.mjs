// A studio that says nothing: answers that are lost on their way, and a server that stands still. Nothing is lost, nothing is
// done twice, and it is said.
import {
  baseUrl,
  callApi,
  check,
  desktop,
  expect,
  openCable,
  phone,
  screenMs,
  settle,
  until,
  workerReady,
} from './harness.mjs';
import { chatSilenceChecks } from './silence_chat_checks.mjs';
import { button, passTime, swallow, timedVisitor, waitOnce } from './silence.mjs';
import { kind, makePictures, promptField, tile } from './stock.mjs';

const created = /\/api\/v1\/generations$/;
const noAnswer = 'No answer yet. Asking again; nothing is lost.';

const generate = async (page, words) => {
  await promptField(page).fill(words);
  await promptField(page).press('Control+Enter');
};
const generateButton = (page, state) => page.getByRole('button', { name: new RegExp(`^${state}`) });
const sending = (page) => page.locator('[data-sending]');
const unsent = (page, words) => page.locator('[data-unsent]').filter({ hasText: words });
const composer = (page) => page.getByRole('form', { name: 'Composer' });

/** How many the studio has of these words. */
async function madeOf(words) {
  const { items } = await callApi('GET', '/api/v1/generations?limit=200');
  return items.filter(({ settings }) => settings.prompt === words).length;
}
const isMade = (words, count) =>
  until(
    () => madeOf(words),
    (now) => now === count,
    words,
    screenMs,
  );

async function lostAnswerChecks(browser) {
  const { context, page } = await timedVisitor(browser, desktop);
  await check(
    'a prompt whose answer is lost counts as sent when the stream tells of it, and the next one goes out',
    async () => {
      await page.goto(baseUrl);
      await promptField(page).waitFor();
      const asked = await swallow(page, created, { reaches: true });
      await generate(page, 'a lost fox <lora:none:1>');
      await isMade('a lost fox <lora:none:1>', 1);
      await sending(page).waitFor({ state: 'detached' });
      await generateButton(page, 'Generate').waitFor();
      await page.locator('[data-notice]').filter({ hasText: 'There is no LoRA' }).waitFor();
      await generate(page, 'a second lost fox');
      await isMade('a second lost fox', 1);
      await passTime(page, () => asked.length >= 8);
      await waitOnce(page);
      const keys = new Set(asked.map((request) => request.headers()['idempotency-key']));
      expect(keys.size === 2, `${keys.size} keys for two prompts`);
      expect(
        (await madeOf('a lost fox <lora:none:1>')) === 1 && (await madeOf('a second lost fox')) === 1,
        'made twice',
      );
      expect((await page.locator('[data-unsent]').count()) === 0, 'it says that one was not sent');
      await page.unroute(created);
    },
  );
  await context.close();
}

/** A server that stands still, and goes on when it is told to. */
async function standingStillChecks(browser, name, size) {
  const { context, page } = await timedVisitor(browser, size);
  const [first, second] = [`a patient fox on the ${name}`, `an owl on the ${name}`];
  await check(`a studio that stands still is told of, and no prompt is lost, ${name}`, async () => {
    await page.goto(baseUrl);
    await promptField(page).waitFor();
    await swallow(page, created, { reaches: false });
    await generate(page, first);
    await sending(page).waitFor();
    await generate(page, second);
    await sending(page).nth(1).waitFor();
    await waitOnce(page);
    await composer(page).getByText(noAnswer).waitFor();
    await sending(page).nth(1).getByText('No answer yet').waitFor();
    await settle(page, `silent-${name}`);
    await passTime(page, async () => (await sending(page).count()) === 0);
    await unsent(page, first).getByText('Your studio did not answer.').waitFor();
    await composer(page).getByRole('alert').getByText('does not answer').waitFor();
    expect((await promptField(page).inputValue()) === second, 'what was written is gone');
    expect((await composer(page).getByText(noAnswer).count()) === 0, 'it says that it asks again');
    await settle(page, `not-sent-${name}`);
  });
  await check(`what was not sent outlives a reload, and is made once, ${name}`, async () => {
    await page.reload();
    await unsent(page, first).getByText('had not answered yet').waitFor();
    expect((await promptField(page).inputValue()) === second, 'what was written is gone');
    await page.unroute(created);
    await unsent(page, first).getByRole('button', { name: 'Try again' }).click();
    await isMade(first, 1);
    await unsent(page, first).waitFor({ state: 'detached' });
    expect((await madeOf(second)) === 0, 'the other was sent by itself');
  });
  await context.close();
}

/** How long it may take until a page that is opened says that the studio does not answer; the machine may be busy. */
const toldMs = screenMs;

async function reloadChecks(browser, name, size) {
  const { context, page } = await timedVisitor(browser, size, { heart: false });
  const cable = await openCable();
  const [first, second] = [`a frozen fox on the ${name}`, `a frozen owl on the ${name}`];
  await check(
    `a page loaded anew while the studio is silent says so and shows what waits, ${name}`,
    async () => {
      await page.goto(cable.url);
      await workerReady(page);
      await page.locator('[data-asset]').first().waitFor();
      cable.freeze();
      await generate(page, first);
      await sending(page).waitFor();
      await generate(page, second);
      await sending(page).nth(1).waitFor();
      await page.reload({ waitUntil: 'commit' });
      await unsent(page, first).waitFor();
      await page
        .getByText('Your studio does not answer. We keep trying to reach it.')
        .waitFor({ timeout: toldMs });
      await page.getByRole('heading', { name: 'Your pictures are not here yet' }).waitFor();
      expect((await promptField(page).inputValue()) === second, 'what was written is gone');
      expect((await page.locator('.shimmer').count()) === 0, 'it looks as if something came');
      await settle(page, `reloaded-silent-${name}`);
    },
  );
  await check(`what waited is there when the studio answers again, ${name}`, async () => {
    cable.heal();
    await page.locator('[data-asset]').first().waitFor();
    await page.getByText('does not answer').first().waitFor({ state: 'detached' });
    await unsent(page, first).getByRole('button', { name: 'Try again' }).click();
    await isMade(first, 1);
    await unsent(page, first).waitFor({ state: 'detached' });
  });
  cable.close();
  await context.close();
}

/** A prompt is one order, however often its button is pressed while nobody knows what became of it. */
async function onceChecks(browser) {
  const { context, page } = await timedVisitor(browser, desktop);
  const words = 'a fox that is wanted once';
  const keysOf = (asked) => new Set(asked.map((request) => request.headers()['idempotency-key'])).size;
  await check(
    'the same prompt is asked for once, however often it is sent while it is on its way',
    async () => {
      await page.goto(baseUrl);
      await promptField(page).waitFor();
      const asked = await swallow(page, created, { reaches: false });
      await generate(page, words);
      await generateButton(page, 'Sending').waitFor();
      await promptField(page).press('Control+Enter');
      await generateButton(page, 'Sending').click({ force: true });
      await promptField(page).fill(`${words} `);
      await promptField(page).press('Control+Enter');
      await promptField(page).fill(words);
      await generateButton(page, 'Sending').focus();
      await page.keyboard.press('Enter');
      await waitOnce(page);
      expect((await sending(page).count()) === 1, `${await sending(page).count()} are on their way`);
      expect(keysOf(asked) === 1, `${keysOf(asked)} keys`);
      const why = composer(page).getByRole('alert').getByText('does not answer');
      await passTime(page, () => why.isVisible());
      await generate(page, words);
      await generateButton(page, 'Sending').waitFor();
      expect(keysOf(asked) === 1, 'sent again it is another order');
      await page.reload();
      await promptField(page).waitFor();
      await page.unroute(created);
      await until(
        () => generateButton(page, 'Generate').getAttribute('aria-disabled'),
        (off) => off !== 'true',
        'ready',
        screenMs,
      );
      const last = page.waitForRequest(
        (request) => request.method() === 'POST' && created.test(request.url()),
      );
      await promptField(page).press('Control+Enter');
      const key = (await last).headers()['idempotency-key'];
      expect(key === asked[0].headers()['idempotency-key'], 'after a reload it is another order');
      await isMade(words, 1);
    },
  );
  await context.close();
}

async function refusedChecks(browser) {
  const { context, page } = await timedVisitor(browser, desktop);
  await check(
    'a prompt that is refused while the next one is written stays in sight, and can be changed',
    async () => {
      await page.goto(baseUrl);
      await promptField(page).waitFor();
      let refuse;
      const refused = new Promise((resolve) => (refuse = resolve));
      await page.route(created, async (route) => {
        if (route.request().method() !== 'POST') return route.fallback();
        await refused;
        await route.fulfill({
          status: 422,
          json: { code: 'invalid_field', detail: 'Not this one.', status: 422 },
        });
      });
      await generate(page, 'a fox that is refused');
      await sending(page).waitFor();
      await promptField(page).fill('half of the next');
      refuse();
      await unsent(page, 'a fox that is refused').getByText('Not this one.').waitFor();
      await button(page, 'Change it').click();
      expect((await promptField(page).inputValue()) === 'a fox that is refused', 'it is not in the field');
      await composer(page).getByRole('button', { name: 'Undo' }).click();
      expect((await promptField(page).inputValue()) === 'half of the next', 'what was being written is gone');
    },
  );
  await context.close();
}

async function keepChecks(browser) {
  const [one, other] = await makePictures(2, 'a quiet fox');
  const kept = /\/keep$/;
  const { context, page } = await timedVisitor(browser, phone);
  const keep = ({ id }) => tile(page, id).getByRole('button', { name: 'Keep' }).click();
  const isGone = ({ id }) => tile(page, id).waitFor({ state: 'detached' });
  await check('a "Keep" whose answer is lost is kept, and nothing else is said', async () => {
    await page.goto(baseUrl);
    await tile(page, one.id).waitFor();
    await swallow(page, kept, { reaches: true });
    await keep(one);
    await until(
      () => callApi('GET', `/api/v1/assets/${one.id}`),
      ({ state }) => state === 'kept',
      'kept',
      screenMs,
    );
    await isGone(one);
    // What happens after it is heard of after it.
    await callApi('POST', `/api/v1/assets/${other.id}/discard`);
    await isGone(other);
    await callApi('POST', `/api/v1/assets/${other.id}/restore`);
    await tile(page, other.id).waitFor();
    for (let waits = 0; waits < 3; waits++) await waitOnce(page);
    expect((await tile(page, one.id).count()) === 0, 'it is in the workspace again');
    expect(
      (await page.getByText('does not answer').count()) === 0,
      'it says that the studio does not answer',
    );
    await page.unroute(kept);
  });
  await check('a "Keep" that nobody answers is taken back, and says why', async () => {
    await swallow(page, kept, { reaches: false });
    await keep(other);
    await isGone(other);
    const why = page.locator('[data-toast]').getByText('does not answer');
    await passTime(page, () => why.isVisible());
    await tile(page, other.id).waitFor();
    await page.unroute(kept);
  });
  await context.close();
}

const unsure = (page, what) =>
  page
    .locator('[data-toast]')
    .filter({ hasText: `Your studio does not answer. This may not be done: ${what}.` });
const again = (page) => page.locator('[data-toast]').getByRole('button', { name: 'Try again' });

async function trashSilenceChecks(browser) {
  const [one, other, third] = await makePictures(3, 'a silent owl');
  const changing = /\/api\/v1\/(assets\/\w+\/restore|trash)$/;
  const stateOf = ({ id }) => callApi('GET', `/api/v1/assets/${id}`).then(({ state }) => state);
  const is = (asset, state) =>
    until(
      () => stateOf(asset),
      (now) => now === state,
      state,
      screenMs,
    );
  for (const { id } of [one, other, third]) await callApi('POST', `/api/v1/assets/${id}/discard`);
  const { context, page } = await timedVisitor(browser, phone);
  const bringBack = ({ id }) => tile(page, id).getByRole('button', { name: 'Bring back' }).click();
  await check(
    'trash: "Bring back" that nobody answers is named, and one "Try again" does all of it',
    async () => {
      await page.goto(`${baseUrl}/library?show=trash`);
      await tile(page, one.id).waitFor();
      await swallow(page, changing, { reaches: false });
      await bringBack(one);
      await bringBack(other);
      await tile(page, other.id).waitFor({ state: 'detached' });
      const both = unsure(page, 'bring back “a silent owl” (2 times)');
      await passTime(page, () => both.isVisible());
      for (const { id } of [one, other]) await tile(page, id).waitFor();
      await waitOnce(page);
      await settle(page, 'trash-silent-phone');
      await page.unroute(changing);
      await again(page).click();
      for (const asset of [one, other]) await is(asset, 'staging');
      await both.waitFor({ state: 'detached' });
      for (const { id } of [one, other]) await tile(page, id).waitFor({ state: 'detached' });
    },
  );
  await check('trash: "Empty" says that it is asked for again, and what may not be done', async () => {
    await swallow(page, changing, { reaches: false });
    await button(page, 'Empty trash').click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /for good$/ })
      .click();
    await button(page, 'Emptying…').waitFor();
    await waitOnce(page);
    await page.locator('[data-trash]').getByText(noAnswer).waitFor();
    await settle(page, 'trash-emptying-silent-phone');
    await passTime(page, () => unsure(page, 'empty the trash').isVisible());
    await button(page, 'Empty trash').waitFor();
    await is(third, 'discarded');
    await page.unroute(changing);
  });
  await check('trash: what was done after all is not called undone', async () => {
    await swallow(page, changing, { reaches: true });
    await again(page).click();
    await page.getByText('The trash is empty', { exact: true }).waitFor();
    await unsure(page, 'empty the trash').waitFor({ state: 'detached' });
    for (let waits = 0; waits < 3; waits++) await waitOnce(page);
    expect(
      (await page.getByText('does not answer').count()) === 0,
      'it says that the studio does not answer',
    );
    await page.unroute(changing);
  });
  await context.close();
}

async function queueSilenceChecks(browser) {
  const before = await callApi('POST', '/api/v1/generations', { kind, prompt: 'a red fox', batch: 6 });
  const { id } = await callApi('POST', '/api/v1/generations', { kind, prompt: 'a waiting owl' });
  const { context, page } = await timedVisitor(browser, desktop);
  const row = page.locator(`[data-queued="${id}"]`);
  const press = (name) => row.getByRole('button', { name: `${name}: a waiting owl` }).click();
  const changing = /\/api\/v1\/generations\/\w+(\/\w+)?$/;
  await check('queue: what nobody answers is named and can be tried again; what is seen counts', async () => {
    await page.goto(baseUrl);
    await page.getByRole('button', { name: /^Queue, / }).click();
    await row.waitFor();
    await swallow(page, changing, { reaches: false });
    await press('Pause');
    await passTime(page, () => unsure(page, 'pause “a waiting owl”').isVisible());
    await settle(page, 'queue-silent-desktop');
    await page.unroute(changing);
    await swallow(page, changing, { reaches: true });
    await again(page).click();
    await row.getByText('Paused').waitFor();
    await unsure(page, 'pause “a waiting owl”').waitFor({ state: 'detached' });
    await press('Change the prompt');
    const field = row.getByRole('textbox', { name: 'Prompt' });
    await field.fill('a patient owl');
    await button(page, 'Save').click();
    await row.getByText('a patient owl', { exact: true }).waitFor();
    await field.waitFor({ state: 'detached' });
    for (let waits = 0; waits < 3; waits++) await waitOnce(page);
    expect(
      (await page.getByText('does not answer').count()) === 0,
      'it says that the studio does not answer',
    );
    await page.unroute(changing);
  });
  for (const one of [id, before.id]) await callApi('POST', `/api/v1/generations/${one}/cancel`);
  await context.close();
}

export async function silenceChecks(browser) {
  await lostAnswerChecks(browser);
  await standingStillChecks(browser, 'phone', phone);
  await standingStillChecks(browser, 'desktop', desktop);
  await reloadChecks(browser, 'phone', phone);
  await reloadChecks(browser, 'desktop', desktop);
  await onceChecks(browser);
  await refusedChecks(browser);
  await keepChecks(browser);
  await chatSilenceChecks(browser);
  await trashSilenceChecks(browser);
  await queueSilenceChecks(browser);
}
