// Whatever the shape of a file, of a screen or of its letters: everything is visible, reachable and stays where it is.
import { aConversation, openConversation } from './chat_checks.mjs';
import { callApi, check, desktop, expect, phone, settle, until } from './harness.mjs';
import { expectReachable, png, strips } from './pictures.mjs';
import { kind, leave, opener, promptField, tile, visit } from './stock.mjs';

const landscape = { viewport: { width: 740, height: 360 }, hasTouch: true, isMobile: true };

/** The list of the workspace with the strips added as pictures that may be seen. */
async function showStrips(page, assets) {
  await page.route('**/api/v1/assets?*state=staging*', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    await route.fulfill({ response, json: { ...body, items: [...assets, ...body.items] } });
  });
  await page.route('**/strip/*', (route) => {
    const [width, height] = route.request().url().split('/').at(-1).split('x').map(Number);
    return route.fulfill({ contentType: 'image/png', body: png(width, height) });
  });
}

const asStrip = (picture, width, height) => ({
  ...picture,
  id: `strip${width}x${height}`,
  width,
  height,
  created_at: new Date().toISOString(),
  links: { original: `/strip/${width}x${height}`, thumbnail: `/strip/${width}x${height}` },
});

async function stripChecks({ browser, errors, pictures }) {
  for (const [name, size] of Object.entries({ phone, desktop })) {
    const page = await visit(browser, size, errors);
    await showStrips(
      page,
      strips.map(([width, height]) => asStrip(pictures[0], width, height)),
    );
    await page.reload();
    await check(`strips, ${name}: every tile can be seen and reached, and opens`, async () => {
      for (const [width, height] of strips) {
        const one = tile(page, `strip${width}x${height}`);
        await one.scrollIntoViewIfNeeded();
        await expectReachable(page, one, `the tile of ${width} × ${height}`);
      }
      await settle(page, `strips-${name}`);
      for (const [width, height] of strips) {
        await opener(page, `strip${width}x${height}`).click();
        const shown = page.locator('[data-stage] img').last();
        await shown.waitFor();
        const box = await shown.boundingBox();
        expect(
          Math.min(box.width, box.height) >= 12,
          `${width} × ${height} is a thread of ${box.width} × ${box.height}`,
        );
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
    });
    await leave(page);
  }
}

const shapes = [
  [2, 3],
  [3, 2],
  [1, 1],
  [16, 9],
  [2, 3],
  [9, 16],
];

async function skeletonChecks({ browser, errors, pictures }) {
  for (const [name, size] of Object.entries({ phone, desktop })) {
    const page = await visit(browser, size, errors);
    let letGo = Promise.resolve();
    await page.route('**/api/v1/assets?*state=staging*', async (route) => {
      await letGo;
      const response = await route.fetch();
      const items = shapes.map(([width, height], at) => asStrip(pictures[0], width * 100 + at, height * 100));
      await route.fulfill({ response, json: { items, next_cursor: null } });
    });
    await page.route('**/api/v1/generations?*', (route) =>
      route.fulfill({ json: { items: [], next_cursor: null } }),
    );
    await page.route('**/strip/*', (route) => route.fulfill({ contentType: 'image/png', body: png(8, 8) }));
    const boxes = (label) =>
      page.getByRole('list', { name: label }).evaluate((list) =>
        [...list.children].map((one) => {
          const { x, y, width, height } = one.getBoundingClientRect();
          return [x, y, width, height].map(Math.round).join(' ');
        }),
      );
    await check(
      `what stands there while the workspace comes has the places of what comes, ${name}`,
      async () => {
        await page.reload();
        await page
          .locator('[data-asset]')
          .nth(shapes.length - 1)
          .waitFor();
        let go;
        letGo = new Promise((resolve) => (go = resolve));
        await page.reload();
        await page.getByRole('list', { name: 'Loading' }).waitFor();
        const before = await boxes('Loading');
        await settle(page, `skeleton-${name}`);
        go();
        await page
          .locator('[data-asset]')
          .nth(shapes.length - 1)
          .waitFor();
        const after = await boxes('Being made and waiting for you');
        expect(before.join() === after.join(), `${before.join(', ')} became ${after.join(', ')}`);
      },
    );
    await leave(page);
  }
}

async function dockChecks({ browser, errors, pictures }) {
  const page = await visit(browser, desktop, errors);
  const bottom = ({ y, height }) => y + height;
  await check(
    'on a desktop the composer floats over the pictures, which run to the end of the screen and stay in reach',
    async () => {
      await showStrips(
        page,
        Array.from({ length: 24 }, (_, at) => asStrip(pictures[0], 400 + at, 400)),
      );
      await page.reload();
      await page.locator('[data-asset]').nth(23).waitFor({ state: 'attached' });
      const scroller = page.locator('[data-scroller]');
      expect(
        bottom(await scroller.boundingBox()) === page.viewportSize().height,
        'the pictures end before the screen does',
      );
      const composer = page.getByRole('form', { name: 'Composer' });
      const beside = await composer.evaluate((form) => {
        const { left, top } = form.getBoundingClientRect();
        return document.elementFromPoint(left - 40, top + 40).closest('[data-scroller]') !== null;
      });
      expect(beside, 'what is beside the composer cannot be touched');
      await page.locator('[data-asset] [data-rove]').first().focus();
      await page.keyboard.press('End');
      const last = page.locator('[data-asset]').last();
      await settle(page, 'dock-end-desktop');
      expect(
        bottom(await last.boundingBox()) <= (await composer.boundingBox()).y,
        'the last one is behind the composer',
      );
    },
  );
  await check('a starting picture takes no line of its own on a desktop', async () => {
    const composer = page.getByRole('form', { name: 'Composer' });
    const { height } = await composer.boundingBox();
    await opener(page, pictures[0].id).focus();
    await page.keyboard.press('m');
    await page.getByRole('menuitem', { name: 'Use as starting picture' }).click();
    await page
      .locator('[data-source]')
      .getByRole('button', { name: 'Remove the starting picture' })
      .waitFor();
    await page.locator('[data-source] img').waitFor();
    expect((await composer.boundingBox()).height === height, 'the composer has grown');
    await settle(page, 'source-desktop');
  });
  await check('the row of choices stays as it is while a prompt is on its way', async () => {
    const composer = page.getByRole('form', { name: 'Composer' });
    await page.getByRole('button', { name: /^How many/ }).click();
    await page.getByRole('menuitemradio', { name: '6 pictures' }).click();
    await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('a fox in a row');
    const places = () =>
      composer.getByRole('button').evaluateAll((all) =>
        all
          .map((one) => one.getBoundingClientRect())
          .map(({ x, y }) => `${x} ${y}`)
          .join(),
      );
    const before = await places();
    let letGo;
    const held = new Promise((resolve) => (letGo = resolve));
    await page.route(/\/api\/v1\/generations$/, async (route) => {
      await held;
      await route.fulfill({ status: 404, json: { code: 'not_found', detail: 'Not this one.', status: 404 } });
    });
    await page.getByRole('textbox', { name: 'Prompt', exact: true }).press('Control+Enter');
    await page.getByRole('button', { name: /^Sending/ }).waitFor();
    await settle(page, 'sending-desktop');
    expect((await places()) === before, `${before} became ${await places()}`);
    const tops = await composer
      .getByRole('button', { name: /^(What to make|Advanced|Sending)/ })
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().y));
    expect(Math.max(...tops) - Math.min(...tops) < 4, `they stand at ${tops.join()}`);
    letGo();
    await composer.getByRole('alert').waitFor();
    await page.unroute(/\/api\/v1\/generations$/);
  });
  await leave(page);
}

/** What the browser itself counts as jumping: how much of the screen moved without anybody having touched it. */
const watchShifts = () => {
  window.shifts = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
  }).observe({ type: 'layout-shift', buffered: false });
};

async function shiftChecks({ browser, errors }) {
  for (const [name, size] of Object.entries({ phone, desktop })) {
    const page = await visit(browser, size, errors);
    await check(`a job that starts moves nothing, ${name}`, async () => {
      await promptField(page).waitFor();
      await page.locator('[data-asset] img').first().waitFor();
      await page.evaluate(() => document.fonts.ready);
      let answered = null;
      await page.route('**/api/v1/generations', async (route) => {
        if (route.request().method() !== 'POST') return route.fallback();
        // Longer than the time in which a movement counts as the answer to a touch.
        await new Promise((resolve) => setTimeout(resolve, 900));
        const response = await route.fetch();
        answered = await response.json();
        await route.fulfill({ response });
      });
      await page.evaluate(watchShifts);
      await promptField(page).fill('a red fox and a unicorn');
      await promptField(page).press('Control+Enter');
      await page.locator('[data-sending]').first().waitFor();
      await until(
        () => answered,
        (one) => one !== null,
        'an answer',
        15_000,
      );
      const id = answered.id;
      await until(
        () => callApi('GET', `/api/v1/generations/${id}`),
        (one) => one.ended_at !== null,
        'a picture',
      );
      const done = await callApi('GET', `/api/v1/generations/${id}`);
      await tile(page, done.assets[0].id).locator('img').first().waitFor();
      await settle(page, `after-job-${name}`);
      const shifts = await page.evaluate(() => window.shifts);
      console.log(`        shifts, ${name}: ${shifts.toFixed(4)}`);
      expect(shifts < 0.02, `the screen has moved by ${shifts}`);
    });
    await leave(page);
  }
}

async function arrivalChecks({ browser, errors }) {
  for (const [name, size] of Object.entries({ phone, desktop })) {
    const page = await visit(browser, size, errors);
    await check(`what another device begins moves nothing until it is asked for, ${name}`, async () => {
      await page.locator('[data-asset] img').first().waitFor();
      await page.evaluate(() => document.fonts.ready);
      await page.evaluate(watchShifts);
      const { id } = await callApi('POST', '/api/v1/generations', { kind, prompt: 'a blue owl', steps: 4 });
      const chip = page.getByRole('button', { name: 'Show 1 new' });
      await chip.waitFor();
      const done = await until(
        () => callApi('GET', `/api/v1/generations/${id}`),
        (one) => one.ended_at !== null,
        'a picture',
      );
      await settle(page, `arrivals-${name}`);
      const shifts = await page.evaluate(() => window.shifts);
      console.log(`        shifts, ${name}: ${shifts.toFixed(4)}`);
      expect(shifts <= 0.01, `the screen has moved by ${shifts}`);
      expect((await tile(page, done.assets[0].id).count()) === 0, 'it is among the others');
      await chip.click();
      await tile(page, done.assets[0].id).locator('img').first().waitFor();
      await chip.waitFor({ state: 'detached' });
      const first = await page.locator('[data-asset]').first().getAttribute('data-asset');
      expect(first === done.assets[0].id, 'it is not the first');
    });
    await leave(page);
  }
}

async function smallScreenChecks({ browser, errors }) {
  const zoomed = { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 };
  for (const [name, size] of Object.entries({ landscape, zoomed })) {
    const page = await visit(browser, size, errors);
    await check(
      `${name}: the composer leaves most of the screen to the pictures until it is wanted`,
      async () => {
        await promptField(page).waitFor();
        await settle(page, `small-${name}`);
        const form = page.getByRole('form', { name: 'Composer' });
        const folded = await form.boundingBox();
        const grid = await page.locator('main ul').first().locator('..').boundingBox();
        expect(folded.height <= 72, `it is ${folded.height} px high`);
        expect(grid.height >= size.viewport.height * 0.55, `the pictures have ${grid.height} px`);
        await promptField(page).click();
        await page.getByRole('button', { name: /^What to make/ }).waitFor();
        await settle(page, `small-${name}-open`);
        const open = await form.boundingBox();
        expect(open.y >= 0 && open.y + open.height <= size.viewport.height + 1, 'it does not fit');
        await page.getByRole('button', { name: /^How many/ }).click();
        await page.getByRole('menuitemradio').first().click();
        await page.getByRole('button', { name: /^How many/ }).waitFor();
      },
    );
    await leave(page);
  }
  await check('letters twice as large make everything larger, and nothing is cut off', async () => {
    const page = await visit(browser, phone, errors);
    await page.addStyleTag({ content: 'html { font-size: 200% }' }).catch(() => undefined);
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
    await promptField(page).waitFor();
    const size = await promptField(page).evaluate((element) =>
      parseFloat(getComputedStyle(element).fontSize),
    );
    expect(size === 32, `the prompt has letters of ${size} px`);
    await settle(page, 'large-letters-phone');
    const labels = await page.locator('nav a').evaluateAll((all) =>
      all.map((link) => {
        const words = document.createRange();
        words.selectNodeContents(link);
        const { left, right } = words.getBoundingClientRect();
        return { left, right };
      }),
    );
    const gaps = labels.slice(1).map(({ left }, at) => left - labels[at].right);
    expect(Math.min(...gaps) >= 8, `between the names of the places there are ${gaps.join(', ')} px`);
    expect(labels[0].left >= 0 && labels.at(-1).right <= phone.viewport.width, 'a name is cut off');
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wider <= 0, `the page is ${wider} px wider than the screen`);
    await leave(page);
  });
}

/** Every setting changed, and the longest name of a kind: the most that the row of the composer ever holds. */
const fullDraft = {
  kind: 'sdxl_image_high',
  prompt: 'a red fox',
  negativePrompt: 'text',
  batch: 6,
  seed: '7',
  steps: 20,
  guidance: 3,
  sampler: 'euler_a',
};

async function narrowChecks({ browser, errors }) {
  for (const width of [320, 340, 360]) {
    await check(`at ${width} px the composer fits, and two pictures stand beside each other`, async () => {
      const page = await visit(
        browser,
        { viewport: { width, height: 740 }, hasTouch: true, isMobile: true },
        errors,
      );
      await page.evaluate((draft) => {
        for (const storage of [localStorage, sessionStorage])
          storage.setItem('ourvidz.draft', JSON.stringify(draft));
      }, fullDraft);
      await page.reload();
      await page.locator('[data-asset] img').nth(1).waitFor();
      await page.getByRole('button', { name: 'Advanced, 5 changed' }).waitFor();
      await settle(page, `narrow-${width}`);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wider <= 0, `the page is ${wider} px wider than the screen`);
      for (const button of await page.locator('form button').all()) {
        const { x, width: wide } = await button.boundingBox();
        expect(x >= 0 && x + wide <= width, `a button spans ${x}–${x + wide}`);
      }
      const [first, second] = await Promise.all(
        [0, 1].map((at) => page.locator('[data-asset]').nth(at).boundingBox()),
      );
      expect(Math.abs(first.y - second.y) < 2, 'they stand below each other');
      await leave(page);
    });
  }
}

async function directionChecks({ browser, errors }) {
  const words = { hebrew: 'שועל אדום על רקע כחול', arabic: 'ثعلب أحمر على خلفية زرقاء' };
  const page = await visit(browser, phone, errors);
  for (const [name, text] of Object.entries(words)) {
    await check(`${name} runs from right to left in the prompt and in the queue`, async () => {
      await promptField(page).fill(text);
      const direction = await promptField(page).evaluate((element) => getComputedStyle(element).direction);
      expect(direction === 'rtl', `it runs ${direction}`);
      await settle(page, `direction-${name}-phone`);
    });
  }
  await check('what was said in Arabic stands on the right in the chat', async () => {
    await openConversation(page, await aConversation(words.arabic, words.arabic));
    await page.locator('[data-markdown] p').waitFor();
    const bubbles = page.locator('ol li [dir=auto]');
    await bubbles.last().waitFor();
    const directions = await bubbles.evaluateAll((all) => all.map((one) => getComputedStyle(one).direction));
    expect(directions.length === 2 && directions.every((one) => one === 'rtl'), directions.join());
    await settle(page, 'direction-chat-phone');
  });
  await leave(page);
}

export async function shapeChecks(all) {
  await stripChecks(all);
  await skeletonChecks(all);
  await dockChecks(all);
  await shiftChecks(all);
  await arrivalChecks(all);
  await smallScreenChecks(all);
  await narrowChecks(all);
  await directionChecks(all);
}
