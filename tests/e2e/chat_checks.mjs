// Conversations: what two tabs, two devices, a crash, a lost answer and a stray click must not break.
import {
  baseUrl,
  callApi,
  check,
  desktop,
  engineMs,
  expect,
  expectAccessible,
  phone,
  screenMs,
  settle,
  skip,
  until,
} from './harness.mjs';

const url = `${baseUrl}/chat`;
const say = '**/api/v1/conversations/*/messages';
const oldKey = 'ourvidz.conversations';

const refusedText = 'photo of a 12 year old in a swimsuit at the beach';
const field = (page) => page.getByRole('textbox', { name: 'Message' });
const answers = (page) => page.locator('[data-answer]');
const done = (page) => page.locator('[data-answer=done]');
const button = (page, name) => page.getByRole('button', { name, exact: true });
const versions = (page) => page.getByRole('group', { name: 'Versions' });
const question = (page, text) => page.locator('[data-question]').filter({ hasText: text });

/** A conversation of these texts, question and answer in turn, as the server keeps it. */
export async function aConversation(...texts) {
  const messages = texts.map((text, at) => ({
    id: `m${at}`,
    parent_id: at === 0 ? null : `m${at - 1}`,
    role: at % 2 === 0 ? 'user' : 'assistant',
    text,
  }));
  return (await callApi('POST', '/api/v1/conversations', { messages })).conversation;
}

/** Opens it, wherever the page was. */
export async function openConversation(page, conversation) {
  await page.goto(`${baseUrl}/more`);
  await page.evaluate(
    (id) => sessionStorage.setItem('ourvidz.chat.open', JSON.stringify(id)),
    conversation.id,
  );
  await page.goto(url);
}

const whole = (conversation) => callApi('GET', `/api/v1/conversations/${conversation.id}`);
const openOne = async (page) => ({
  id: await page.evaluate(() => JSON.parse(sessionStorage.getItem('ourvidz.chat.open'))),
});

async function send(page, text) {
  await field(page).fill(text);
  await field(page).press('Enter');
}

async function visit(browser, size = desktop) {
  const context = await browser.newContext(size);
  context.setDefaultTimeout(screenMs);
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  return { page, context, faults };
}

async function answerChecks(page) {
  await check('an answer comes in word by word', async () => {
    await page.goto(url);
    await page.getByText(/You are talking with an AI/).waitFor();
    await send(page, 'Tell me about the sea in a few sentences.');
    const words = page.locator('[data-answer=writing] p.text-base');
    await words.waitFor({ timeout: engineMs });
    const first = (await words.textContent()).length;
    await page.waitForFunction(
      (length) => {
        const now = document.querySelector('[data-answer=writing] p.text-base');
        return now !== null && now.textContent.length > length;
      },
      first,
      { timeout: engineMs },
    );
    await done(page).waitFor({ timeout: engineMs });
  });
  await check('a refused message says why, stays in the field, and spoils nothing', async () => {
    await send(page, refusedText);
    const alert = page.getByRole('alert').filter({ hasText: 'Not sent.' });
    await alert.waitFor();
    expect(!/charged/.test(await alert.textContent()), 'it speaks of charging');
    expect((await field(page).inputValue()).startsWith('photo of'), 'the text is gone');
    await send(page, 'Say hello.');
    await done(page).nth(1).waitFor({ timeout: engineMs });
    expect((await alert.count()) === 0, 'it still says that something was not sent');
    expect((await question(page, 'photo of').count()) === 0, 'the refused message is in the conversation');
  });
  await check('a reload keeps the conversation', async () => {
    await page.reload();
    await done(page).nth(1).waitFor();
  });
  await check('stop ends an answer at once and keeps its words, and it can go on', async () => {
    await send(page, 'Write a very long story in many chapters about a fox, a lighthouse and a robot.');
    await page.locator('[data-answer=writing] p.text-base').waitFor({ timeout: engineMs });
    await button(page, 'Stop').click();
    await answers(page).last().getByText('Stopped.').waitFor();
    const before = (await whole(await openOne(page))).messages.at(-1).text;
    expect(before.length > 0, 'the words are gone');
    await button(page, 'Continue').click();
    await until(
      async () => (await whole(await openOne(page))).messages.at(-1),
      ({ text }) => text.startsWith(before) && text.length > before.length,
      'more of the answer',
    );
    if ((await button(page, 'Stop').count()) > 0)
      await button(page, 'Stop')
        .click()
        .catch(() => undefined);
    await page.locator('[data-answer=writing]').waitFor({ state: 'detached', timeout: engineMs });
  });
  await check('answer again adds a version, and each can be looked at', async () => {
    const before = await answers(page).count();
    await button(page, 'Answer again').click();
    await page.locator('[data-answer=writing]').waitFor();
    await button(page, 'Stop').click();
    await page.locator('[data-answer=writing]').waitFor({ state: 'detached' });
    await versions(page).getByText('2/2').waitFor();
    expect((await answers(page).count()) === before, 'both are shown at once');
    await button(page, 'Version before').click();
    await versions(page).getByText('1/2').waitFor();
    await settle(page, 'chat-versions-desktop');
    await expectAccessible(page);
  });
}

async function tabChecks(browser) {
  const one = await visit(browser);
  const other = await one.context.newPage();
  await check('two tabs erase nothing of each other', async () => {
    const conversation = await aConversation('Hello', 'Hi there.');
    for (const page of [one.page, other]) await openConversation(page, conversation);
    await done(other).waitFor();
    await send(one.page, 'Name a colour.');
    await done(one.page).nth(1).waitFor({ timeout: engineMs });
    await question(other, 'Name a colour.').waitFor();
    await send(other, 'Name an animal.');
    await done(other).nth(2).waitFor({ timeout: engineMs });
    for (const page of [one.page, other]) {
      await question(page, 'Name an animal.').waitFor();
      await page.reload();
      await done(page).nth(2).waitFor();
      await question(page, 'Name a colour.').waitFor();
    }
  });
  const device = await visit(browser, phone);
  await check('a second device shows what is said within a second', async () => {
    const conversation = await aConversation('Hello', 'Hi there.');
    for (const page of [one.page, device.page]) await openConversation(page, conversation);
    await done(device.page).waitFor();
    await done(one.page).waitFor();
    await send(one.page, 'Name a tree.');
    await question(one.page, 'Name a tree.').waitFor();
    await one.page.locator('[data-answer=writing], [data-answer=done] >> nth=1').first().waitFor();
    const began = Date.now();
    await question(device.page, 'Name a tree.').waitFor();
    const took = Date.now() - began;
    expect(took < 2_000, `${took} ms`);
    await settle(device.page, 'chat-phone');
  });
  await check('one that is removed elsewhere is left', async () => {
    const conversation = await aConversation('Hello', 'Hi there.');
    await openConversation(device.page, conversation);
    await done(device.page).waitFor();
    await fetch(`${baseUrl}/api/v1/conversations/${conversation.id}`, { method: 'DELETE' });
    await device.page.getByText('Ask anything').waitFor();
  });
  await device.context.close();
  await one.context.close();
}

async function lossChecks(browser) {
  const { page, context } = await visit(browser);
  await check('what a page was sending when it went is sent by the next one, and said once', async () => {
    const conversation = await aConversation('Hello', 'Hi there.');
    await openConversation(page, conversation);
    await done(page).waitFor();
    await page.route(say, () => undefined);
    await send(page, 'Where do foxes sleep?');
    await page.getByText('Thinking…').waitFor();
    await page.reload();
    await page.unroute(say);
    await done(page).nth(1).waitFor({ timeout: engineMs });
    expect((await question(page, 'Where do foxes sleep?').count()) === 1, 'it was said more than once');
    expect((await whole(conversation)).messages.length === 4, 'the server has something else');
    expect((await field(page).inputValue()) === '', 'the words stand in the field as well');
  });
  await check(
    'a page that goes after the server has it shows it as said, and not in the field again',
    async () => {
      await openConversation(page, await aConversation('Hello', 'Hi there.'));
      await done(page).waitFor();
      await page.route(say, (route) => void route.fetch());
      const taken = page.waitForRequest(say);
      await send(page, 'Name a river.');
      await taken;
      await until(
        async () => (await whole(await openOne(page))).messages.length,
        (count) => count === 4,
        'said',
      );
      await page.reload();
      await question(page, 'Name a river.').waitFor();
      await page.unroute(say);
      await page.waitForFunction(() => document.querySelector('textarea').value === '');
    },
  );
  await check(
    'an answer of the server that is lost is asked for again, and the message is said once',
    async () => {
      const conversation = await aConversation('Hello', 'Hi there.');
      await openConversation(page, conversation);
      await done(page).waitFor();
      let lost = 0;
      await page.route(say, async (route) => {
        if (lost++ > 0) return route.continue();
        await route.fetch();
        await route.abort();
      });
      await send(page, 'Name a bird.');
      await done(page).nth(1).waitFor({ timeout: engineMs });
      await page.unroute(say);
      expect((await question(page, 'Name a bird.').count()) === 1, 'it was said more than once');
      expect((await whole(conversation)).messages.length === 4, 'the server has it more than once');
    },
  );
  await check('a server that is away gives the words back, with the reason', async () => {
    await openConversation(page, await aConversation('Hello', 'Hi there.'));
    await done(page).waitFor();
    await page.clock.install();
    await page.route(say, (route) => route.abort());
    await send(page, 'Name a fish.');
    await page.getByText('Your studio has not answered yet.').waitFor();
    await page.clock.runFor(20_000);
    await page.getByRole('alert').filter({ hasText: 'does not answer' }).waitFor();
    expect((await field(page).inputValue()) === 'Name a fish.', 'the words are gone');
    await page.unroute(say);
  });
  await context.close();
  const next = await visit(browser);
  await check('Stop before the server has answered stops', async () => {
    const conversation = await aConversation('Hello', 'Hi there.');
    await openConversation(next.page, conversation);
    await done(next.page).waitFor();
    let go;
    const pressed = new Promise((resolve) => (go = resolve));
    await next.page.route(say, async (route) => {
      await pressed;
      await route.continue();
    });
    await send(next.page, 'Write a very long story in many chapters about a fox.');
    await button(next.page, 'Stop').click();
    go();
    await next.page.getByText('Stopped.').waitFor();
    const last = (await whole(conversation)).messages.at(-1);
    expect(last.state === 'stopped', `it is ${last.state}`);
  });
  await next.context.close();
}

async function draftChecks(browser) {
  const { page, context } = await visit(browser);
  const conversation = await aConversation('Hello', 'Hi there.', 'Who are you?', 'A fox.');
  await openConversation(page, conversation);
  await done(page).nth(1).waitFor();
  await check(
    'words that are not sent stay through other pages, other conversations and a reload',
    async () => {
      await field(page).fill('Half a thought');
      await page.getByRole('link', { name: 'Library' }).first().click();
      await page.getByRole('heading', { name: 'Library' }).waitFor();
      await page.getByRole('link', { name: 'Chat' }).first().click();
      await done(page).first().waitFor();
      expect((await field(page).inputValue()) === 'Half a thought', 'gone after another page');
      await button(page, 'New').click();
      await page.waitForURL('**/chat/new');
      expect((await field(page).inputValue()) === '', 'it is in another conversation');
      await openConversation(page, conversation);
      await done(page).first().waitFor();
      expect((await field(page).inputValue()) === 'Half a thought', 'gone after a reload');
    },
  );
  await check('a message that was refused outlives its tab, and is not sent by itself', async () => {
    const other = await aConversation('Hello', 'Hi there.');
    const tab = await context.newPage();
    await openConversation(tab, other);
    await send(tab, refusedText);
    await tab.getByRole('alert').filter({ hasText: 'Not sent.' }).waitFor();
    await tab.close();
    const next = await context.newPage();
    await openConversation(next, other);
    await done(next).waitFor();
    expect((await field(next).inputValue()) === refusedText, 'the text is gone');
    expect((await whole(other)).messages.length === 2, 'it was sent again');
    await field(next).fill('');
    await next.close();
  });
  await check('an edit keeps what was being written, and can be left', async () => {
    await question(page, 'Hello').getByRole('button', { name: 'Edit and send again' }).click();
    expect((await field(page).inputValue()) === 'Hello', 'the message is not in the field');
    await field(page).fill('Good evening');
    await settle(page, 'chat-edit-desktop');
    await button(page, 'Leave it as it was').click();
    expect((await field(page).inputValue()) === 'Half a thought', 'the draft is gone');
  });
  await check('an edited message becomes a version, and what followed stays with the other', async () => {
    await question(page, 'Hello').getByRole('button', { name: 'Edit and send again' }).click();
    await send(page, 'Good evening');
    await question(page, 'Good evening').waitFor();
    await done(page).first().waitFor({ timeout: engineMs });
    expect((await field(page).inputValue()) === 'Half a thought', 'the draft is gone');
    expect((await question(page, 'Who are you?').count()) === 0, 'what followed the other is shown here');
    await versions(page).first().getByText('2/2').waitFor();
    await button(page, 'Version before').click();
    await question(page, 'Who are you?').waitFor();
    await page.getByText('A fox.').waitFor();
  });
  await check('a title can be changed, and a removed conversation comes back', async () => {
    const list = page.getByRole('region', { name: 'Conversations' });
    await list.getByRole('button', { name: 'Rename this conversation' }).first().click();
    await page.getByRole('textbox', { name: 'Title' }).fill('About foxes');
    await page.keyboard.press('Enter');
    const item = list.locator('li').filter({ hasText: 'About foxes' });
    await item.waitFor();
    await item.getByRole('button', { name: 'Remove this conversation' }).click();
    await item.waitFor({ state: 'detached' });
    await button(page, 'Undo').click();
    await item.waitFor();
    await question(page, 'Who are you?').waitFor();
  });
  await context.close();
}

const markdown = [
  '# A fox\n\nIt is **red** and *quick*:\n\n- one\n- two\n\n`code`',
  '<img src="x" onerror="window.broken = 1"> <script>window.broken = 1</script>',
  '[a link](javascript:window.broken=1) ![a picture](https://pictures.invalid/x.png)',
].join('\n\n');

async function markdownCheck(browser) {
  const { page, context, faults } = await visit(browser);
  await check(
    'marks of Markdown are shown as what they mean, and nothing of it runs or is fetched',
    async () => {
      const asked = [];
      page.on('request', (request) => asked.push(request.url()));
      await openConversation(page, await aConversation('Tell me of **foxes**', markdown));
      const answer = page.locator('[data-markdown]');
      await answer.locator('strong').getByText('red').waitFor();
      expect((await answer.locator('li').count()) === 2, 'no list');
      expect((await answer.locator('h3').count()) === 1, 'no heading');
      expect((await answer.locator('img, script').count()) === 0, 'HTML or a picture was made of it');
      expect((await page.locator('a[href^="javascript"]').count()) === 0, 'a link runs a script');
      await question(page, '**foxes**').waitFor();
      expect(!(await page.evaluate(() => 'broken' in window)), 'a script has run');
      expect(!asked.some((one) => one.includes('pictures.invalid')), 'a picture was fetched');
      expect(faults.length === 0, faults.join());
      await expectAccessible(page);
      await settle(page, 'chat-markdown-desktop');
    },
  );
  await context.close();
}

async function takeOverChecks(browser) {
  const plant = (page) =>
    page.evaluate((key) => {
      const message = (id, role, text) => ({ id, role, text, generationId: null, state: 'done', why: null });
      const conversations = ['Owls', 'Robots'].map((about, at) => ({
        id: `old${at}`,
        changedAt: at,
        messages: [
          message('1', 'user', `${about}?`),
          message('2', 'assistant', `${about}.`),
          message('3', 'user', `More of ${about}?`),
        ],
      }));
      localStorage.setItem(key, JSON.stringify({ conversations, openId: null }));
    }, oldKey);
  const { page, context } = await visit(browser);
  const list = page.getByRole('region', { name: 'Conversations' });
  const card = page.locator('[data-take-over]');
  await check('what only this browser has is brought into the studio once, when that is wanted', async () => {
    await page.goto(url);
    await plant(page);
    await page.reload();
    await card.getByText('2 conversations are in this browser only.').waitFor();
    expect((await list.getByText('Owls?').count()) === 0, 'it was brought in without being asked');
    await settle(page, 'chat-take-over-desktop');
    await expectAccessible(page);
    await button(page, 'Bring into the studio').click();
    await card.waitFor({ state: 'detached' });
    await list.getByText('Robots?').click();
    await page.getByText('Robots.', { exact: true }).waitFor();
    await question(page, 'More of Robots?').waitFor();
    await page.getByText('No answer.', { exact: true }).waitFor();
    await settle(page, 'chat-brought-desktop');
    await button(page, 'Answer again').click();
    await done(page).nth(1).waitFor({ timeout: engineMs });
    await plant(page);
    await page.reload();
    await button(page, 'Bring into the studio').click();
    await card.waitFor({ state: 'detached' });
    expect((await list.getByText('Owls?').count()) === 1, 'it was brought in twice');
  });
  await check('what is to stay in the browser stays, and is not asked about again', async () => {
    await plant(page);
    await page.reload();
    await button(page, 'Leave here').click();
    await card.waitFor({ state: 'detached' });
    await page.reload();
    await list.getByText('Owls?').waitFor();
    expect((await card.count()) === 0, 'it asks again');
    const kept = await page.evaluate(
      (key) => JSON.parse(localStorage.getItem(key)).conversations.length,
      oldKey,
    );
    expect(kept === 2, 'they are gone');
  });
  await context.close();
}

export async function chatChecks(browser, kind) {
  if (!kind.available) return skip('chat', kind.unavailable_reason);
  const { page, context } = await visit(browser);
  await answerChecks(page);
  await context.close();
  await tabChecks(browser);
  await lossChecks(browser);
  await draftChecks(browser);
  await markdownCheck(browser);
  await takeOverChecks(browser);
}
