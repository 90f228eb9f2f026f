// What the app says: little, at the right place, to everybody, and with a way back.
import {
  baseUrl,
  callApi,
  check,
  desktop,
  expect,
  expectAccessible,
  phone,
  screenMs,
  settle,
  until,
} from './harness.mjs';
import { generation, kind, leave, opener, promptField, tile, visit } from './stock.mjs';

const heard = (page) => page.evaluate(() => window.heard);
/** Keeps every sentence that a screen reader would have heard. */
const listen = () => {
  window.heard = [];
  new MutationObserver(() => {
    for (const one of document.querySelectorAll('[role=status], [role=alert]')) {
      const words = one.textContent;
      if (words !== '' && window.heard.at(-1) !== words && !window.heard.includes(words))
        window.heard.push(words);
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
};
const hears = (page, words) =>
  until(
    () => heard(page),
    (all) => all.some((one) => words.test(one)),
    String(words),
    screenMs,
  );

async function toastChecks({ browser, errors, pictures }) {
  const page = await visit(browser, phone, errors);
  await page.evaluate(listen);
  const three = pictures.slice(0, 3);
  const toasts = page.locator('[data-toasts] [data-toast]');
  await check('three quick keeps make one toast, which covers nothing, and one Undo for all', async () => {
    await tile(page, three[0].id).waitFor();
    for (const { id } of three) await tile(page, id).getByRole('button', { name: 'Keep' }).click();
    await toasts.getByText('3 kept', { exact: true }).waitFor();
    expect((await toasts.count()) === 1, `${await toasts.count()} toasts`);
    await settle(page, 'three-kept-phone');
    const toast = await toasts.boundingBox();
    // What can be seen of the pictures, however many there are.
    const seen = await page.locator('[data-scroller]').boundingBox();
    expect(toast.y >= seen.y + seen.height - 1, 'it lies over the pictures');
    await hears(page, /3 kept/);
    await toasts.getByRole('button', { name: 'Undo' }).click();
    for (const { id } of three) await tile(page, id).waitFor();
    await hears(page, /Back in the workspace/);
  });
  await check('keeping, discarding, finishing and failing are announced', async () => {
    await opener(page, three[0].id).focus();
    await page.keyboard.press('d');
    await hears(page, /Moved to the trash/);
    await page.keyboard.press('u');
    await tile(page, three[0].id).waitFor();
    const { id } = await callApi('POST', '/api/v1/generations', { kind, prompt: 'a blue owl', steps: 4 });
    await until(
      () => generation(id),
      (one) => one.ended_at !== null,
      'a picture',
    );
    await hears(page, /^Ready: a blue owl/);
  });
  await check('"u" right after "d" takes it back, however slow the server is', async () => {
    let letGo;
    const held = new Promise((resolve) => (letGo = resolve));
    await page.route('**/discard', async (route) => {
      await held;
      await route.continue();
    });
    await opener(page, three[0].id).focus();
    await page.keyboard.press('d');
    await page.keyboard.press('u');
    await tile(page, three[0].id).waitFor({ state: 'detached' });
    letGo();
    await tile(page, three[0].id).waitFor();
    await until(
      () => callApi('GET', `/api/v1/assets/${three[0].id}`),
      ({ state }) => state === 'staging',
      'brought back',
      screenMs,
    );
    await page.unroute('**/discard');
  });
  await check('a discard that the server refuses is not told as done', async () => {
    const detail = 'It is not there any more.';
    const answer = { status: 404, json: { code: 'not_found', detail, status: 404 } };
    await page.route('**/discard', (route) => route.fulfill(answer));
    await opener(page, three[0].id).focus();
    await page.keyboard.press('d');
    await toasts.getByText(detail).waitFor();
    expect((await toasts.getByText('Moved to the trash.').count()) === 0, 'it is told');
    await tile(page, three[0].id).waitFor();
    await page.unroute('**/discard');
  });
  await leave(page);
}

async function lineChecks({ browser, errors }) {
  const page = await visit(browser, phone, errors);
  await check('what is worth knowing takes one line of a phone, opens, and can be put away', async () => {
    const long = Array.from({ length: 30 }, (_, at) => `wordthatnobodyknows${at}`).join(', ');
    await promptField(page).fill(`a red fox, ${long}`);
    await promptField(page).press('Control+Enter');
    const line = page.locator('[data-notice]');
    await line.waitFor();
    await settle(page, 'notice-phone');
    const { height } = await line.boundingBox();
    expect(height <= 52, `it is ${height} px high`);
    await expectAccessible(page);
    await line.getByRole('button', { name: 'Close' }).click();
    await line.waitFor({ state: 'detached' });
    const { id } = (await callApi('GET', '/api/v1/generations?limit=1')).items[0];
    await callApi('POST', `/api/v1/generations/${id}/cancel`);
  });
  await leave(page);
}

async function windowChecks({ browser, errors }) {
  const page = await visit(browser, phone, errors);
  await check('two windows of one browser keep what was written in each', async () => {
    await promptField(page).fill('tab one text');
    const other = await page.context().newPage();
    await other.goto(baseUrl);
    await promptField(other).fill('tab two');
    await page.reload();
    expect((await promptField(page).inputValue()) === 'tab one text', 'the other window has written over it');
    await other.close();
  });
  await leave(page);
}

async function choiceChecks({ browser, errors }) {
  const page = await visit(browser, desktop, errors);
  await check('a picture is named by what the engine got, and its viewer says both', async () => {
    const written = 'a red {owl|owl}';
    const { id } = await callApi('POST', '/api/v1/generations', { kind, prompt: written, steps: 4 });
    const done = await until(
      () => generation(id),
      (one) => one.ended_at !== null,
      'a picture',
    );
    await page.reload();
    await tile(page, done.assets[0].id)
      .getByRole('button', { name: 'Open picture: a red owl', exact: true })
      .click();
    const viewer = page.getByRole('dialog');
    await viewer.getByText(written, { exact: true }).waitFor();
    await viewer.getByText('For this one: a red owl').waitFor();
    await page.evaluate(listen);
    await page.keyboard.press('+');
    await hears(page, /Enlarged to/);
    await page.keyboard.press('0');
    await hears(page, /^Shown whole$/);
  });
  await leave(page);
}

async function titleChecks({ browser, errors }) {
  const page = await visit(browser, desktop, errors);
  const titles = {
    '/': /Workspace/,
    '/library': /Library/,
    '/library?show=trash': /Trash/,
    '/chat': /Chat/,
    '/more': /More/,
    '/nowhere': /nothing here/,
  };
  await check('every page has a title of its own', async () => {
    for (const [path, wanted] of Object.entries(titles)) {
      await page.goto(baseUrl + path);
      await until(
        () => page.title(),
        (title) => wanted.test(title) && / · OurVidz$/.test(title),
        path,
        screenMs,
      );
    }
  });
  await check('the title counts what is being made', async () => {
    await page.goto(`${baseUrl}/more`);
    const { id } = await callApi('POST', '/api/v1/generations', { kind, prompt: 'a red fox', batch: 6 });
    await until(
      () => page.title(),
      (title) => /^\(1\) More · OurVidz$/.test(title),
      'a count',
      screenMs,
    );
    await callApi('POST', `/api/v1/generations/${id}/cancel`);
    await until(
      () => page.title(),
      (title) => title === 'More · OurVidz',
      'no count',
      screenMs,
    );
  });
  await leave(page);
}

async function undoChecks({ browser, errors }) {
  const page = await visit(browser, desktop, errors);
  const mine = 'a half written';
  const id = await page
    .locator('[data-asset]')
    .first()
    .waitFor()
    .then(() => page.locator('[data-asset]').first().getAttribute('data-asset'));
  const useAll = async () => {
    await promptField(page).fill(mine);
    await opener(page, id).focus();
    await page.keyboard.press('m');
    await page.getByRole('menuitem', { name: /^Use all settings/ }).click();
    await until(
      () => promptField(page).inputValue(),
      (text) => text !== mine,
      'other words',
      screenMs,
    );
  };
  await check('"Use all settings" can be undone, by the line and by Ctrl+Z', async () => {
    await useAll();
    await settle(page, 'taken-over-desktop');
    await page.locator('[data-notice]').getByRole('button', { name: 'Undo' }).click();
    expect((await promptField(page).inputValue()) === mine, 'the words are lost');
    await useAll();
    await promptField(page).press('Control+z');
    expect((await promptField(page).inputValue()) === mine, 'the words are lost');
  });
  await check('what was half written survives a reload', async () => {
    await useAll();
    await page.reload();
    await page.locator('[data-notice]').getByRole('button', { name: 'Undo' }).click();
    expect((await promptField(page).inputValue()) === mine, 'the words are lost');
  });
  await leave(page);
}

/** A start, what is worth knowing and what was put aside, with a long prompt: the pictures keep most of a phone. */
async function threeThings(page, takeOver) {
  await takeOver();
  const composer = page.getByRole('form', { name: 'Composer' });
  await composer.getByRole('button', { name: '2 notices' }).waitFor();
  await page.locator('[data-asset]').first().getByRole('button', { name: 'More for this one' }).click();
  await page.getByRole('menuitem', { name: 'Use as starting picture' }).click();
  await page.locator('[data-source] img').waitFor();
  const isLow = async (what) => {
    const { height } = await composer.boundingBox();
    expect(height <= 0.4 * phone.viewport.height, `with ${what} it is ${height} px high`);
  };
  await settle(page, 'two-notices-phone');
  await isLow('two notices and a start');
  await promptField(page).fill(Array.from({ length: 40 }, () => 'a red fox').join(', '));
  await isLow('a long prompt');
  const several = composer.getByRole('button', { name: '2 notices' });
  await several.click();
  await composer.getByText('put aside').waitFor();
  await settle(page, 'two-notices-open-phone');
  const open = await composer
    .locator('[data-notices]')
    .evaluate((all) => all.scrollHeight - all.clientHeight);
  expect(open <= 0, `${open} px of the notices that were asked for are cut`);
  await expectAccessible(page);
  await composer.getByRole('button', { name: 'Remove the starting picture' }).click();
  await composer
    .locator('[data-notice]')
    .filter({ hasText: 'put aside' })
    .getByRole('button', { name: 'Close' })
    .click();
}

async function worthKnowingChecks({ browser, errors, pictures }) {
  const page = await visit(browser, phone, errors);
  const notices = page.locator('[data-notice]');
  const aside = notices.filter({ hasText: 'put aside' });
  const { id } = pictures[0];
  const takeOver = async () => {
    await promptField(page).fill('a half written');
    await tile(page, id).getByRole('button', { name: 'More for this one' }).click();
    await page.getByRole('menuitem', { name: /^Remix/ }).click();
  };
  const remix = async () => {
    await takeOver();
    await aside.waitFor();
  };
  await check(
    'what is worth knowing is said although something was put aside, and that is over with it',
    async () => {
      await remix();
      await promptField(page).fill('a wizard, a fox <lora:none:1>');
      await promptField(page).press('Control+Enter');
      const worth = notices.filter({ hasText: 'There is no LoRA "none"' });
      await worth.waitFor();
      await aside.waitFor({ state: 'detached' });
      await settle(page, 'worth-knowing-phone');
      await worth.getByRole('button', { name: 'What it knows' }).click();
      await worth.getByText('"wizard" is not known to this model').waitFor();
      await worth.getByText(/animals, plants, food/).waitFor();
      await settle(page, 'worth-knowing-open-phone');
      await worth
        .getByRole('button', { name: 'What it knows' })
        .or(worth.getByRole('button', { name: 'Show less' }))
        .click();
      await threeThings(page, takeOver);
      await worth.getByRole('button', { name: 'Close' }).click();
      const sent = (await callApi('GET', '/api/v1/generations?limit=1')).items[0];
      await callApi('POST', `/api/v1/generations/${sent.id}/cancel`);
    },
  );
  await check('what is near to a word that is not known is one touch away, by keyboard too', async () => {
    await promptField(page).fill('A bungalow and a beagle at night');
    await promptField(page).press('Control+Enter');
    const drawn = notices.filter({ hasText: 'For "bungalow" it draws a house' });
    const instead = drawn.getByRole('group', { name: 'Instead of “bungalow”:' });
    await instead.getByRole('button', { name: 'castle', exact: true }).waitFor();
    await settle(page, 'near-words-phone');
    await expectAccessible(page);
    await drawn.getByRole('group', { name: 'Instead of “beagle”:' }).getByRole('button').first().focus();
    await page.keyboard.press('Enter');
    const words = () => promptField(page).inputValue();
    expect((await words()) === 'A bungalow and a poodle at night', `it is "${await words()}"`);
    await instead.getByRole('button', { name: 'castle', exact: true }).click();
    expect((await words()) === 'A castle and a poodle at night', `it is "${await words()}"`);
    expect(
      await promptField(page).evaluate((field) => field === document.activeElement),
      'the prompt has no focus',
    );
    const sent = (await callApi('GET', '/api/v1/generations?limit=1')).items[0];
    await callApi('POST', `/api/v1/generations/${sent.id}/cancel`);
  });
  await check(
    'a prompt that names nothing is refused, and prompts that work are one touch away',
    async () => {
      await promptField(page).fill('a wizard on a blue background');
      await promptField(page).press('Control+Enter');
      await page.getByRole('alert').getByText('Nothing is charged.').waitFor();
      const instead = page.getByRole('group', { name: 'Try instead:' });
      await settle(page, 'nothing-named-phone');
      await expectAccessible(page);
      await instead.getByRole('button', { name: 'a panda riding a bicycle' }).click();
      expect(
        (await promptField(page).inputValue()) === 'a panda riding a bicycle',
        'it is not in the composer',
      );
      await instead.waitFor({ state: 'detached' });
    },
  );
  await check('bringing back what was put aside loses nothing that was written since', async () => {
    await remix();
    await promptField(page).fill('written since');
    await aside.getByRole('button', { name: 'Bring back' }).click();
    expect((await promptField(page).inputValue()) === 'a half written', 'it is not back');
    await aside.getByRole('button', { name: 'Undo' }).click();
    expect((await promptField(page).inputValue()) === 'written since', 'what was written since is lost');
    await aside.waitFor({ state: 'detached' });
  });
  await check('a remix takes over the steps that were chosen, and no defaults', async () => {
    await remix();
    await page.getByRole('button', { name: 'Advanced, 1 changed', exact: true }).waitFor();
    await leave(page);
  });
}

/** The list of what was made last, with `failed` among it: what did not work. */
async function showFailed(page, ...failed) {
  await page.route(/\/api\/v1\/generations\?limit=/, async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    await route.fulfill({ response, json: { ...body, items: [...failed, ...body.items] } });
  });
  await page.reload();
}

async function tryAgainChecks({ browser, errors, pictures }) {
  const page = await visit(browser, phone, errors);
  const made = await generation(pictures[0].generation_id);
  const detail =
    'The model stumbled over what it was given and has been ended. It is tried with less the next time.';
  const failed = {
    ...made,
    id: 'gen_failed',
    state: 'failed',
    settings: { ...made.settings, prompt: 'a wizard, a fox <lora:none:1>' },
    error: { code: 'engine_failed', detail },
    assets: [],
  };
  const one = page.locator('[data-failed=gen_failed]');
  const again = one.getByRole('button', { name: 'Try again' });
  await check(
    'what has failed says which prompt it was and why, and nothing of it is cut on a phone',
    async () => {
      await showFailed(page, failed);
      await one.getByText('a wizard, a fox <lora:none:1>', { exact: true }).waitFor();
      await one.getByText(detail).waitFor();
      const hidden = await one
        .locator('.overflow-y-auto')
        .evaluate((text) => text.scrollHeight - text.clientHeight);
      expect(hidden <= 0, `${hidden} px of it are cut`);
      await one.getByRole('button', { name: 'Put away', exact: true }).waitFor();
      await settle(page, 'failed-phone');
      await expectAccessible(page);
    },
  );
  await check('"Try again" keeps what failed until the studio has accepted it', async () => {
    const answer = { status: 404, json: { code: 'not_found', detail: 'Its picture is gone.', status: 404 } };
    await page.route('**/api/v1/generations', (route) => route.fulfill(answer));
    await again.click();
    await page.locator('[data-toast]').getByText('Its picture is gone.').waitFor();
    await one.waitFor();
    await page.unroute('**/api/v1/generations');
  });
  await check('"Try again" says what is worth knowing, as "Generate" does', async () => {
    await again.click();
    await one.waitFor({ state: 'detached' });
    const worth = page.locator('[data-notice]').filter({ hasText: 'There is no LoRA "none"' });
    await worth.getByRole('button', { name: 'What it knows' }).click();
    await worth.getByText('"wizard" is not known to this model').waitFor();
  });
  await check('what was asked for again in one browser is no failure in another', async () => {
    const next = await visit(browser, desktop, errors);
    const other = { ...failed, settings: { ...failed.settings, seed: '77' }, id: 'gen_other' };
    await showFailed(next, failed, other);
    // Another failure of the same list has come.
    await next.locator('[data-failed=gen_other]').waitFor();
    expect((await next.locator('[data-failed=gen_failed]').count()) === 0, 'it is shown as failed');
    await settle(next, 'failed-desktop');
    await leave(next);
  });
  await leave(page);
}

export async function noticeChecks(all) {
  await worthKnowingChecks(all);
  await tryAgainChecks(all);
  await windowChecks(all);
  await choiceChecks(all);
  await toastChecks(all);
  await lineChecks(all);
  await titleChecks(all);
  await undoChecks(all);
}
