// The viewer in the hand: swipe, pull away, double tap, pinch; and the same by wheel and keys.
import { baseUrl, callApi, check, desktop, expect, phone, screenMs, settle, until } from './harness.mjs';
import { leave, opener, straight, swipe, visit } from './stock.mjs';

const openAsset = (page) => new URL(page.url()).searchParams.get('view');
const zoomOf = (page) => page.locator('[data-stage]').evaluate((stage) => Number(stage.dataset.zoom ?? 1));
const isAbout = (wanted) => (now) => Math.abs(now - wanted) < 0.05;

async function pinch(page, middle, from, to) {
  const client = await page.context().newCDPSession(page);
  const points = (half) => [
    { x: middle[0] - half, y: middle[1], id: 0 },
    { x: middle[0] + half, y: middle[1], id: 1 },
  ];
  await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: points(from) });
  for (let i = 1; i <= 10; i++) {
    const half = from + ((to - from) * i) / 10;
    await client.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: points(half) });
  }
  await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

async function fingerChecks({ browser, errors, pictures }) {
  const page = await visit(browser, phone, errors);
  const order = await page
    .locator('[data-asset]')
    .first()
    .waitFor()
    .then(() => page.locator('[data-asset]').evaluateAll((all) => all.map((one) => one.dataset.asset)));
  const [first, second] = order;
  await opener(page, first).click();
  await page.getByRole('dialog').waitFor();
  await settle(page, 'viewer-touch-phone');
  await check('who does not swipe has named buttons, below the picture and never over it', async () => {
    const next = page.getByRole('button', { name: 'Next', exact: true });
    const previous = page.getByRole('button', { name: 'Previous', exact: true });
    expect((await next.count()) === 1 && (await previous.count()) === 1, 'not one of each');
    const stage = await page.locator('[data-stage]').boundingBox();
    for (const button of [next, previous]) {
      const box = await button.boundingBox();
      expect(Math.min(box.width, box.height) >= 44, `it is ${box.width} × ${box.height}`);
      expect(box.y >= stage.y + stage.height, 'it lies over the picture');
    }
    expect((await previous.getAttribute('aria-disabled')) === 'true', 'there is one before the first');
    await next.tap();
    await until(
      () => openAsset(page),
      (id) => id === second,
      'the next picture',
      5_000,
    );
    await previous.tap();
    await until(
      () => openAsset(page),
      (id) => id === first,
      'the picture before',
      5_000,
    );
    await previous.dispatchEvent('click');
    expect(openAsset(page) === first, 'it goes before the first');
  });
  await check('a swipe goes to the next picture and back, and never leaves the page', async () => {
    const history = await page.evaluate(() => history.length);
    await swipe(page, straight([300, 350], [80, 360]));
    await until(
      () => openAsset(page),
      (id) => id === second,
      'the next picture',
      5_000,
    );
    await swipe(page, straight([60, 350], [300, 345]));
    await until(
      () => openAsset(page),
      (id) => id === first,
      'the picture before',
      5_000,
    );
    await swipe(page, straight([2, 350], [300, 350]));
    expect(openAsset(page) === first, 'a swipe at the first picture goes somewhere');
    expect(page.url().startsWith(baseUrl), 'the browser has left');
    expect((await page.evaluate(() => history.length)) === history, 'the history has grown');
    const action = await page
      .locator('[data-stage]')
      .evaluate((stage) => getComputedStyle(stage).touchAction);
    expect(action === 'none', `the browser keeps ${action}`);
  });
  await check('a double tap enlarges and makes whole again', async () => {
    await page.touchscreen.tap(180, 350);
    await page.touchscreen.tap(180, 350);
    await until(() => zoomOf(page), isAbout(2.5), 'enlarged', 5_000);
    await swipe(page, straight([300, 350], [80, 350]));
    expect(openAsset(page) === first, 'moving the enlarged picture goes to another');
    await page.touchscreen.tap(180, 350);
    await page.touchscreen.tap(180, 350);
    await until(() => zoomOf(page), isAbout(1), 'whole', 5_000);
  });
  await check('two fingers enlarge', async () => {
    await pinch(page, [180, 350], 30, 90);
    await until(() => zoomOf(page), isAbout(3), 'enlarged', 5_000);
    await pinch(page, [180, 350], 120, 20);
    await until(() => zoomOf(page), isAbout(1), 'whole', 5_000);
  });
  await check('pulling the picture away closes the viewer', async () => {
    await swipe(page, straight([180, 300], [185, 500]));
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
  await leave(page);
  expect(pictures.length > 1, 'too few pictures');
}

async function wheelAndKeyChecks({ browser, errors }) {
  const page = await visit(browser, desktop, errors);
  await page.locator('[data-asset] button').first().click();
  await page.getByRole('dialog').waitFor();
  const first = openAsset(page);
  await check('the wheel and a double click enlarge, at the place of the pointer', async () => {
    await page.mouse.move(500, 450);
    await page.mouse.wheel(0, -300);
    await until(
      () => zoomOf(page),
      (zoom) => zoom > 2,
      'enlarged',
      5_000,
    );
    await page.mouse.wheel(0, 3000);
    await until(() => zoomOf(page), isAbout(1), 'whole', 5_000);
    await page.mouse.dblclick(500, 450);
    await until(() => zoomOf(page), isAbout(2.5), 'enlarged', 5_000);
    await page.mouse.dblclick(500, 450);
    await until(() => zoomOf(page), isAbout(1), 'whole', 5_000);
  });
  await check('keys enlarge, move what is enlarged, make whole, and then go on to the next', async () => {
    for (let i = 0; i < 3; i++) await page.keyboard.press('+');
    await until(
      () => zoomOf(page),
      (zoom) => zoom > 3,
      'enlarged',
      5_000,
    );
    await page.keyboard.press('ArrowRight');
    expect(openAsset(page) === first, 'an arrow leaves the enlarged picture');
    await page.keyboard.press('0');
    await until(() => zoomOf(page), isAbout(1), 'whole', 5_000);
    await page.keyboard.press('ArrowRight');
    await until(
      () => openAsset(page),
      (id) => id !== first,
      'the next picture',
      5_000,
    );
  });
  await leave(page);
}

/** Faster than the answer to the first of the two keys. */
async function quickUndoCheck({ browser, errors }) {
  const page = await visit(browser, desktop, errors);
  await page.locator('[data-asset] button').first().click();
  await page.getByRole('dialog').waitFor();
  const id = openAsset(page);
  await check('"u" right after "d" in the viewer brings the picture back', async () => {
    await page.keyboard.press('d');
    await page.keyboard.press('u');
    await until(
      () => callApi('GET', `/api/v1/assets/${id}`),
      ({ state }) => state === 'staging',
      'back',
      screenMs,
    );
    await page.keyboard.press('Escape');
    await page.locator(`[data-asset="${id}"]`).waitFor();
    await page.getByText('Back in the workspace.').first().waitFor({ state: 'attached' });
  });
  await leave(page);
}

export async function touchChecks(all) {
  await fingerChecks(all);
  await wheelAndKeyChecks(all);
  await quickUndoCheck(all);
}
