// Whatever the shape of a file, of a screen or of its letters: everything is visible, reachable and stays where it is.
import { deflateSync } from 'node:zlib';
import { aConversation, openConversation } from './chat_checks.mjs';
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
import { kind, leave, opener, promptField, tile, visit } from './stock.mjs';

const strips = [
  [54, 600],
  [1, 16384],
  [16384, 1],
  [40, 2000],
];
const landscape = { viewport: { width: 740, height: 360 }, hasTouch: true, isMobile: true };

let crcTable;
function crc32(bytes) {
  crcTable ??= Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A grey picture of any size as a PNG file. */
function png(width, height) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const lines = Buffer.alloc((width + 1) * height, 160);
  for (let y = 0; y < height; y++) lines[y * (width + 1)] = 0;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

async function upload(width, height) {
  const response = await fetch(`${baseUrl}/api/v1/assets`, {
    method: 'POST',
    headers: { 'Content-Type': 'image/png' },
    body: png(width, height),
  });
  expect(
    response.status === 201,
    `${width} × ${height}: ${response.status} ${await response.clone().text()}`,
  );
  return response.json();
}

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

async function expectReachable(page, locator, what) {
  const box = await locator.boundingBox();
  const { width, height } = page.viewportSize();
  expect(box.width >= 100 && box.width <= width, `${what} is ${box.width} px wide`);
  expect(box.height >= 100 && box.height <= height, `${what} is ${box.height} px high`);
}

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

async function heldChecks({ browser, errors }) {
  const held = [];
  await check('own pictures: the studio says that they are held before it takes one', async () => {
    const page = await visit(browser, phone, errors);
    await page.getByRole('button', { name: 'Start from', exact: true }).click();
    await page.getByText(/cannot be used yet/).waitFor();
    await settle(page, 'own-picture-phone');
    await leave(page);
  });
  await check('own pictures: strips that are held have a tile like others, and can be removed', async () => {
    for (const [width, height] of strips) held.push(await upload(width, height));
    const page = await visit(browser, phone, errors);
    const tiles = page.locator('[data-held]');
    for (const { id } of held) {
      const one = page.locator(`[data-held="${id}"]`);
      await one.scrollIntoViewIfNeeded();
      await expectReachable(page, one, 'a held tile');
    }
    await settle(page, 'held-phone');
    for (const { id } of held) {
      const one = page.locator(`[data-held="${id}"]`);
      await one.getByRole('button', { name: 'Remove' }).click();
      await one.waitFor({ state: 'detached' });
    }
    expect((await tiles.count()) === 0, 'some are left');
    await leave(page);
  });
}

const many = 130;
const heldNow = async () => {
  const all = [];
  for (let cursor = ''; cursor !== null;) {
    const page = await callApi(
      'GET',
      `/api/v1/assets?state=staging&limit=200${cursor && `&cursor=${cursor}`}`,
    );
    all.push(...page.items);
    cursor = page.next_cursor;
  }
  return all.filter(({ links }) => links.original === undefined).length;
};
const areHeld = (count) => until(heldNow, (now) => now === count, 'held', screenMs);

async function manyHeldChecks({ browser, errors, pictures }) {
  for (let made = 0; made < many; made++) await upload(40, 40);
  for (const [name, size] of Object.entries({ phone, desktop })) {
    const page = await visit(browser, size, errors);
    const bar = page.getByRole('region', { name: 'Not shown' });
    const tiles = page.locator('[data-held]');
    await check(`many that are held are one bar, behind which the pictures are found, ${name}`, async () => {
      await bar.getByText(`${many} held for a check`, { exact: true }).waitFor();
      await tile(page, pictures[0].id).waitFor();
      expect((await tiles.count()) === 0, 'they are among the pictures');
      const { height } = await bar.boundingBox();
      expect(height <= 110, `it is ${height} px high`);
      await settle(page, `many-held-${name}`);
      await expectAccessible(page);
      await bar.getByRole('button', { name: 'Show what is held' }).click();
      await tiles.first().waitFor();
      await bar.getByRole('button', { name: 'Hide what is held' }).click();
      await tiles.first().waitFor({ state: 'detached' });
    });
    await check(`all that are held are removed at once, by key, and come back at once, ${name}`, async () => {
      await bar.getByRole('button', { name: /^Remove all/ }).focus();
      await page.keyboard.press('Enter');
      await bar.waitFor({ state: 'detached' });
      await page.locator('[data-toast]').getByText(`${many} moved to the trash.`).waitFor();
      await areHeld(0);
      await tile(page, pictures[0].id).waitFor();
      await page.keyboard.press('u');
      await areHeld(many);
      await bar.getByText(`${many} held for a check`, { exact: true }).waitFor();
    });
    await check(`what could not be removed stays, and the rest can come back, ${name}`, async () => {
      let removed = 0;
      await page.route('**/discard', (route) => {
        if (++removed <= 50) return route.continue();
        const detail = 'The disk is full.';
        return route.fulfill({
          status: 404,
          json: { code: 'unavailable', detail, status: 404 },
        });
      });
      await bar.getByRole('button', { name: /^Remove all/ }).click();
      await page
        .locator('[data-toast]')
        .getByText(`50 of ${many} moved to the trash. The disk is full.`)
        .waitFor();
      await bar.getByText(`${many - 50} held for a check`, { exact: true }).waitFor();
      await page.unroute('**/discard');
      await page.keyboard.press('u');
      await areHeld(many);
    });
    await leave(page);
  }
  const page = await visit(browser, phone, errors);
  await page.getByRole('button', { name: /^Remove all/ }).click();
  await areHeld(0);
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
  await heldChecks(all);
  await manyHeldChecks(all);
  await shiftChecks(all);
  await arrivalChecks(all);
  await smallScreenChecks(all);
  await narrowChecks(all);
  await directionChecks(all);
}
