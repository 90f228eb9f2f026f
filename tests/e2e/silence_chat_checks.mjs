// A conversation while the studio says nothing.
import { aConversation, openConversation } from './chat_checks.mjs';
import { baseUrl, callApi, check, expect, phone, screenMs, settle, until } from './harness.mjs';
import { button, passTime, swallow, timedVisitor, waitOnce } from './silence.mjs';

const said = /\/api\/v1\/conversations\/\w+\/messages$/;

async function chatChecks(browser) {
  const { context, page } = await timedVisitor(browser, phone);
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
    await waitOnce(page);
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

/** What is said while the studio stands still, and the page that said it goes. */
async function chatReloadChecks(browser) {
  const { context, page } = await timedVisitor(browser, phone);
  const asked = /\/api\/v1\/conversations(\/\w+\/messages)?$/;
  const field = page.getByRole('textbox', { name: 'Message' });
  const count = async () => (await callApi('GET', '/api/v1/conversations?limit=100')).items.length;
  await check(
    'a message that was on its way when the page went is said once, in one conversation',
    async () => {
      const before = await count();
      await page.goto(`${baseUrl}/chat`);
      await field.waitFor();
      await swallow(page, asked, { reaches: true });
      await field.fill('Name a silent sea.');
      await button(page, 'Send').click();
      await page.getByText('Thinking…').waitFor();
      await until(count, (now) => now === before + 1, 'a conversation', screenMs);
      await page.reload();
      await page.locator('[data-question]').filter({ hasText: 'Name a silent sea.' }).waitFor();
      await page.unroute(asked);
      await waitOnce(page);
      await page.locator('[data-answer=done]').waitFor();
      expect((await page.locator('[data-question]').count()) === 1, 'it was said more than once');
      expect((await count()) === before + 1, 'another conversation is left behind');
      expect((await field.inputValue()) === '', 'it stands in the field as well');
    },
  );
  await check('a message that begins a conversation and is refused leaves none behind', async () => {
    const before = await count();
    await button(page, 'New').click();
    await page.waitForURL('**/chat/new');
    await field.fill('photo of a 12 year old in a swimsuit at the beach');
    await button(page, 'Send').click();
    await page.getByRole('alert').filter({ hasText: 'Not sent.' }).waitFor();
    await until(count, (now) => now === before, 'no conversation', screenMs);
    expect((await field.inputValue()).startsWith('photo of'), 'the words are gone');
    await field.fill('');
  });
  await check('"Answer again" that nobody answers is tried again under its key', async () => {
    await openConversation(page, await aConversation('Hello', 'Hi there.'));
    await page.locator('[data-answer=done]').waitFor();
    const seen = await swallow(page, said, { reaches: false });
    await button(page, 'Answer again').click();
    const why = page
      .getByRole('alert')
      .filter({ hasText: 'Not answered again. Your studio does not answer.' });
    await passTime(page, () => why.isVisible());
    await settle(page, 'chat-not-again-phone');
    await page.unroute(said);
    const next = page.waitForRequest((request) => said.test(request.url()));
    await button(page, 'Try again').click();
    const keyOf = (request) => request.headers()['idempotency-key'];
    expect(keyOf(await next) === keyOf(seen[0]), 'it is another order');
    await page.getByRole('group', { name: 'Versions' }).getByText('2/2').waitFor();
  });
  await context.close();
}

export async function chatSilenceChecks(browser) {
  await chatChecks(browser);
  await chatReloadChecks(browser);
}
