// Real pictures and visitors for the checks of how the app answers to hands.
import { baseUrl, callApi, screenMs, until, watchErrors } from './harness.mjs';

export const kind = 'sdxl_image_fast';
export const generation = (id) => callApi('GET', `/api/v1/generations/${id}`);

/** So many pictures of the studio's own, all in the workspace; answers them as the API shows them. */
export async function makePictures(count, prompt = 'a red fox') {
  const made = [];
  for (let i = 0; i < count; i++)
    made.push(await callApi('POST', '/api/v1/generations', { kind, prompt, steps: 4, seed: i + 1 }));
  const assets = [];
  for (const { id } of made) {
    const done = await until(
      () => generation(id),
      (one) => one.ended_at !== null,
      'a picture',
    );
    assets.push(...done.assets);
  }
  return assets;
}

/** A visitor with a browser of their own, who has the workspace in front of them. */
export async function visit(browser, size, errors, path = '/') {
  const context = await browser.newContext({ ...size, colorScheme: 'dark' });
  context.setDefaultTimeout(screenMs);
  const page = await context.newPage();
  watchErrors(page, errors);
  await page.goto(baseUrl + path);
  return page;
}

export const leave = (page) => page.context().close();
export const tile = (page, id) => page.locator(`[data-asset="${id}"]`);
export const opener = (page, id) => tile(page, id).getByRole('button', { name: /^Open/ });
export const promptField = (page) => page.getByRole('textbox', { name: 'Prompt', exact: true });

/** Counts what the page submits, and keeps it from reaching the server. */
export async function countSubmits(page) {
  const seen = [];
  await page.route(/\/api\/v1\/(generations|conversations\/\w+\/messages)$/, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    seen.push(route.request().postDataJSON());
    const detail = 'Counted, and not made.';
    await route.fulfill({ status: 429, json: { code: 'too_many_requests', detail, status: 429 } });
  });
  return seen;
}

/** What a finger does, through the browser's own input: `path` is where it goes, [x, y] by [x, y]. */
export async function swipe(page, path) {
  const client = await page.context().newCDPSession(page);
  const touch = (type, points) => client.send('Input.dispatchTouchEvent', { type, touchPoints: points });
  const [[x, y], ...rest] = path;
  await touch('touchStart', [{ x, y }]);
  for (const [nextX, nextY] of rest) await touch('touchMove', [{ x: nextX, y: nextY }]);
  await touch('touchEnd', []);
}

/** The straight way from one point to another, as a finger goes it. */
export function straight([fromX, fromY], [toX, toY], steps = 12) {
  return Array.from({ length: steps + 1 }, (_, at) => [
    fromX + ((toX - fromX) * at) / steps,
    fromY + ((toY - fromY) * at) / steps,
  ]);
}
