// Addresses that name something: it opens wherever it is kept, and what is not there any more is said.
import { aConversation, openConversation } from './chat_checks.mjs';
import { baseUrl, callApi, check, desktop, expect, expectAccessible, phone, settle } from './harness.mjs';
import { leave, makePictures, tile, visit } from './stock.mjs';

const notHere = 'That picture is not here any more.';
const notice = (page, text) => page.locator('[data-notice]').filter({ hasText: text });
const viewer = (page) => page.getByRole('dialog');
const address = (page) => page.evaluate(() => location.pathname + location.search);

async function goneChecks({ browser, errors }) {
  for (const [name, size] of Object.entries({ phone, desktop })) {
    const page = await visit(browser, size, errors);
    for (const path of ['/', '/library', '/library?show=trash']) {
      for (const id of ['ast_nope', '../x', 'a b']) {
        await check(`${path} with a picture "${id}" that is not there says so, ${name}`, async () => {
          const wrong = new URL(baseUrl + path);
          wrong.searchParams.set('view', id);
          await page.goto(wrong.href);
          await notice(page, notHere).waitFor();
          if (id !== 'ast_nope') return;
          await settle(page, `not-here-${name}-${path.replace(/\W/g, '')}`);
          await expectAccessible(page);
          await notice(page, notHere).getByRole('button', { name: 'Close' }).click();
          await notice(page, notHere).waitFor({ state: 'detached' });
          expect((await address(page)) === path, `the address is ${await address(page)}`);
        });
      }
    }
    await leave(page);
  }
}

async function elsewhereChecks({ browser, errors }) {
  const [kept, staged, gone] = await makePictures(3, 'a fox with an address');
  await callApi('POST', `/api/v1/assets/${kept.id}/keep`);
  await callApi('POST', `/api/v1/assets/${gone.id}/discard`);
  const page = await visit(browser, desktop, errors);
  const opens = async (path, { id }, button) => {
    await page.goto(`${baseUrl}${path}?view=${id}`);
    await viewer(page).getByRole('button', { name: button, exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await viewer(page).waitFor({ state: 'detached' });
    expect((await address(page)) === path, `the address is ${await address(page)}`);
  };
  await check('a picture opens by its address on each page, wherever it is kept', async () => {
    await opens('/', kept, 'Discard');
    await opens('/library', staged, 'Keep');
    await opens('/', gone, 'Bring back');
  });
  await check('one that is kept elsewhere while it is looked at stays open', async () => {
    await page.goto(`${baseUrl}/?view=${staged.id}`);
    await viewer(page).getByRole('button', { name: 'Keep', exact: true }).waitFor();
    await callApi('POST', `/api/v1/assets/${staged.id}/keep`);
    await viewer(page).getByRole('button', { name: 'Keep', exact: true }).waitFor({ state: 'detached' });
    await viewer(page).waitFor();
    await callApi('POST', `/api/v1/assets/${staged.id}/restore`);
    await tile(page, staged.id).waitFor({ state: 'attached' });
  });
  await leave(page);
}

async function conversationChecks({ browser, errors }) {
  const page = await visit(browser, phone, errors, '/chat');
  const text = 'That conversation is not here any more.';
  await check(
    'a conversation that is removed elsewhere says that it is not there, until another one is opened',
    async () => {
      const conversation = await aConversation('Hello', 'Hi there.');
      await openConversation(page, conversation);
      await page.locator('[data-answer=done]').waitFor();
      await fetch(`${baseUrl}/api/v1/conversations/${conversation.id}`, { method: 'DELETE' });
      await notice(page, text).waitFor();
      await settle(page, 'conversation-gone-phone');
      await openConversation(page, conversation);
      await notice(page, text).waitFor();
      await openConversation(page, await aConversation('Hello', 'Hi there.'));
      await page.locator('[data-answer=done]').waitFor();
      expect((await notice(page, text).count()) === 0, 'it still says so');
    },
  );
  await check('each conversation has an address, which a reload and "back" keep', async () => {
    const [one, other] = [
      await aConversation('Hello', 'Hi there.'),
      await aConversation('Good day', 'Hello.'),
    ];
    const isOpen = async ({ id }, text) => {
      await page.waitForURL(`${baseUrl}/chat/${id}`);
      await page.locator('[data-question]').filter({ hasText: text }).waitFor();
    };
    await page.goto(`${baseUrl}/chat/${one.id}`);
    await isOpen(one, 'Hello');
    await page.getByRole('button', { name: 'Conversations' }).click();
    await viewer(page).getByRole('button', { name: 'Good day', exact: true }).first().click();
    await isOpen(other, 'Good day');
    await page.reload();
    await isOpen(other, 'Good day');
    await page.getByRole('button', { name: 'New', exact: true }).click();
    await page.getByText('Ask anything').waitFor();
    await page.reload();
    await page.getByText('Ask anything').waitFor();
    await page.goBack();
    await isOpen(other, 'Good day');
    await page.goBack();
    await isOpen(one, 'Hello');
    await page.getByRole('link', { name: 'Library' }).click();
    await page.getByRole('link', { name: 'Chat' }).click();
    await isOpen(one, 'Hello');
  });
  await check('an address of a conversation that is not there says so', async () => {
    for (const id of ['cnv_nope', 'x-y', 'a%20b']) {
      await page.goto(`${baseUrl}/chat/${id}`);
      await notice(page, text).waitFor();
      await page.waitForURL(`${baseUrl}/chat`);
      await page.getByText('Ask anything').waitFor();
    }
    await openConversation(page, await aConversation('Hello', 'Hi there.'));
    await page.locator('[data-answer=done]').waitFor();
  });
  await check('one that is removed here needs no such word', async () => {
    await page.getByRole('button', { name: 'Conversations' }).click();
    await page.getByRole('button', { name: 'Remove this conversation' }).first().click();
    await page.locator('[data-toast]').getByText('Conversation removed.').waitFor();
    expect((await notice(page, text).count()) === 0, 'it says that it is not there');
  });
  await leave(page);
}

export async function addressChecks(all) {
  await goneChecks(all);
  await elsewhereChecks(all);
  await conversationChecks(all);
}
