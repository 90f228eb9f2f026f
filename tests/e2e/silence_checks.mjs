// A studio that says nothing: answers that are lost on their way, and a server that stands still. Nothing is lost, nothing is
// done twice, and it is said.
import { aConversation, openConversation } from './chat_checks.mjs';
import { baseUrl, callApi, check, desktop, expect, phone, screenMs, settle, until } from './harness.mjs';
import { makePictures, promptField, tile } from './stock.mjs';

const created = /\/api\/v1\/generations$/;
const said = /\/api\/v1\/conversations\/\w+\/messages$/;
const noAnswer = 'No answer yet. Asking again; nothing is lost.';
/** Longer than the app waits for an answer. */
const oneWaitMs = 10_500;

async function visitor(browser, size) {
  const context = await browser.newContext({ ...size, colorScheme: 'dark' });
  context.setDefaultTimeout(screenMs);
  const page = await context.newPage();
  await page.clock.install();
  return { context, page };
}

/** What changes something and fits `pattern` reaches the studio (or not), and is never answered. Counts what was asked. */
async function swallow(page, pattern, { reaches }) {
  const asked = [];
  await page.route(pattern, async (route) => {
    if (route.request().method() === 'GET') return route.fallback();
    asked.push(route.request());
    if (reaches) await route.fetch().catch(() => undefined);
  });
  return asked;
}

/** Lets the page's time pass, in steps that leave it room to act, until `isDone`. */
async function passTime(page, isDone) {
  for (let steps = 0; steps < 40 && !(await isDone()); steps++) await page.clock.runFor(1_750);
  expect(await isDone(), 'not after more than a minute of the page');
}

const generate = async (page, words) => {
  await promptField(page).fill(words);
  await promptField(page).press('Control+Enter');
};
const button = (page, name) => page.getByRole('button', { name, exact: true });
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
  const { context, page } = await visitor(browser, desktop);
  await check('a prompt whose answer is lost counts as sent when the stream tells of it, and the next one goes out', async () => {
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
    await page.clock.runFor(oneWaitMs);
    const keys = new Set(asked.map((request) => request.headers()['idempotency-key']));
    expect(keys.size === 2, `${keys.size} keys for two prompts`);
    expect((await madeOf('a lost fox <lora:none:1>')) === 1 && (await madeOf('a second lost fox')) === 1, 'made twice');
    expect((await page.locator('[data-unsent]').count()) === 0, 'it says that one was not sent');
    await page.unroute(created);
  });
  await context.close();
}

/** A server that stands still, and goes on when it is told to. */
async function standingStillChecks(browser, name, size) {
  const { context, page } = await visitor(browser, size);
  const [first, second] = [`a patient fox on the ${name}`, `an owl on the ${name}`];
  await check(`a studio that stands still is told of, and no prompt is lost, ${name}`, async () => {
    await page.goto(baseUrl);
    await promptField(page).waitFor();
    await swallow(page, created, { reaches: false });
    await generate(page, first);
    await sending(page).waitFor();
    await generate(page, second);
    await sending(page).nth(1).waitFor();
    await page.clock.runFor(oneWaitMs);
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

async function refusedChecks(browser) {
  const { context, page } = await visitor(browser, desktop);
  await check('a prompt that is refused while the next one is written stays in sight, and can be changed', async () => {
    await page.goto(baseUrl);
    await promptField(page).waitFor();
    let refuse;
    const refused = new Promise((resolve) => (refuse = resolve));
    await page.route(created, async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      await refused;
      await route.fulfill({ status: 422, json: { code: 'invalid_field', detail: 'Not this one.', status: 422 } });
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
  });
  await context.close();
}

async function keepChecks(browser) {
  const [one, other] = await makePictures(2, 'a quiet fox');
  const kept = /\/keep$/;
  const { context, page } = await visitor(browser, phone);
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
    for (let waits = 0; waits < 3; waits++) await page.clock.runFor(oneWaitMs);
    expect((await tile(page, one.id).count()) === 0, 'it is in the workspace again');
    expect((await page.getByText('does not answer').count()) === 0, 'it says that the studio does not answer');
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

async function chatChecks(browser) {
  const { context, page } = await visitor(browser, phone);
  const field = page.getByRole('textbox', { name: 'Message' });
  const say = async (text) => {
    await field.fill(text);
    await button(page, 'Send').click();
  };
  await check('a message whose answer is lost is shown as said when the stream tells of it', async () => {
    await openConversation(page, await aConversation('Hello', 'Hi there.'));
    await page.locator('[data-answer=done]').waitFor();
    await swallow(page, said, { reaches: true });
    await say('Name a stone.');
    await page.locator('[data-question]').filter({ hasText: 'Name a stone.' }).waitFor();
    await page.locator('[data-answer=done]').nth(1).waitFor();
    await button(page, 'Send').waitFor();
    await page.unroute(said);
  });
  await check('a studio that stands still is told of in the chat, and the words come back', async () => {
    await swallow(page, said, { reaches: false });
    await say('Name a cloud.');
    await page.getByText('Thinking…').waitFor();
    await page.clock.runFor(oneWaitMs);
    await page.getByText('Your studio has not answered yet.').waitFor();
    await settle(page, 'silent-chat-phone');
    const why = page.getByRole('alert').filter({ hasText: 'does not answer' });
    await passTime(page, () => why.isVisible());
    expect((await field.inputValue()) === 'Name a cloud.', 'the words are gone');
    await page.unroute(said);
  });
  await check('a title that could not be kept stands in its field', async () => {
    await swallow(page, /\/api\/v1\/conversations\/\w+$/, { reaches: false });
    await button(page, 'Conversations').click();
    await button(page, 'Rename this conversation').first().click();
    const title = page.getByRole('textbox', { name: 'Title' });
    await title.fill('Clouds and stones');
    await title.press('Enter');
    const why = page.locator('[data-toast]').getByText('does not answer');
    await passTime(page, () => why.isVisible());
    expect((await title.inputValue()) === 'Clouds and stones', 'the title is gone');
  });
  await context.close();
}

export async function silenceChecks(browser) {
  await lostAnswerChecks(browser);
  await standingStillChecks(browser, 'phone', phone);
  await standingStillChecks(browser, 'desktop', desktop);
  await refusedChecks(browser);
  await keepChecks(browser);
  await chatChecks(browser);
}
