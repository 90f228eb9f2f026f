// What every end-to-end test needs: the browser, one line per check, and the closing count.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';

// The browser driver and axe-core belong to the web app's development packages.
const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const baseUrl = (process.env.BASE_URL ?? 'http://127.0.0.1:8787').replace(/\/$/, '');
const shots = process.env.SHOTS;

/** How long anything that an engine does may take, on a busy machine. */
export const engineMs = Number(process.env.ENGINE_MS ?? 180_000);
/** How long the app itself may take to show something. */
export const screenMs = Number(process.env.SCREEN_MS ?? 15_000);

const counts = { passed: 0, failed: 0, skipped: 0 };

/** Runs one check and prints its line; a failed one does not keep the others from running. */
export async function check(name, run) {
  const start = Date.now();
  try {
    await run();
    counts.passed++;
    console.log(`ok      ${name} (${Date.now() - start} ms)`);
    return true;
  } catch (error) {
    counts.failed++;
    console.log(
      `FAILED  ${name}\n        ${String(error.message).split('\n').slice(0, 6).join('\n        ')}`,
    );
    return false;
  }
}

export function skip(name, why) {
  counts.skipped++;
  console.log(`skipped ${name}: ${why}`);
}

/** Prints the closing line and says whether all went well. */
export function finish() {
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
  return counts.failed === 0;
}

export function expect(condition, message) {
  if (!condition) throw new Error(message);
}

export async function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
export const desktop = { viewport: { width: 1440, height: 900 } };

/** Errors that the browser reports: a broken content security policy, a crash, a missing file. */
export function watchErrors(page, errors) {
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
}

export async function callApi(method, path, body, headers = {}) {
  const response = await fetch(baseUrl + path, {
    method,
    headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  expect(response.ok, `${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

/** Asks the API until the answer is right: for what has no sign on the screen. */
export async function until(read, isRight, what, limitMs = engineMs) {
  const end = Date.now() + limitMs;
  for (;;) {
    const value = await read();
    if (isRight(value)) return value;
    if (Date.now() > end)
      throw new Error(`${what}: not within ${limitMs} ms, last seen ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Every rule of axe-core, none switched off. */
export async function expectAccessible(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const said = violations.map(
    (violation) =>
      `${violation.id}: ${violation.nodes
        .slice(0, 3)
        .map((node) => node.target.join(' '))
        .join(', ')}`,
  );
  expect(violations.length === 0, `axe: ${said.join('; ')}`);
}

/** Waits for the screen's short movements to end, and keeps a picture of it where one is wanted. */
export async function settle(page, name) {
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getTiming().iterations !== Infinity)
        .map((animation) => animation.finished.catch(() => undefined)),
    ),
  );
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
}

/**
 * A way to the product that can be cut like a network cable: `cut` breaks every connection, `heal` lets new ones in. `freeze`
 * swallows what is said in either direction, as a program that stands still does; `heal` ends those connections. `stall`
 * does so to the connections that have asked for a path that fits, and lets new ones in.
 */
export async function openCable() {
  const { hostname, port } = new URL(baseUrl);
  const ends = new Set();
  let whole = true;
  let frozen = false;
  const asked = new Map();
  const stall = (path = /^/) => {
    for (const end of ends) if (path.test(asked.get(end) ?? '')) end.unpipe().resume();
  };
  const server = createServer((near) => {
    if (!whole) return near.destroy();
    if (frozen) {
      ends.add(near);
      near.on('error', () => undefined);
      near.on('close', () => ends.delete(near));
      near.resume();
      return;
    }
    const far = connect(Number(port), hostname);
    near.on('data', (bytes) => {
      const path = /^[A-Z]+ (\S+) HTTP/.exec(bytes.toString('latin1'))?.[1];
      for (const end of path ? [near, far] : []) asked.set(end, path);
    });
    for (const [end, other] of [
      [near, far],
      [far, near],
    ]) {
      ends.add(end);
      end.on('error', () => other.destroy());
      end.on('close', () => {
        ends.delete(end);
        asked.delete(end);
        other.destroy();
      });
      end.pipe(other);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    cut() {
      whole = false;
      for (const end of ends) end.destroy();
    },
    freeze() {
      frozen = true;
      stall();
    },
    stall,
    heal() {
      whole = true;
      if (frozen) for (const end of ends) end.destroy();
      frozen = false;
    },
    close: () => server.close(),
  };
}

/** Resolves when the service worker has kept everything: only then does it take over the page. */
export const workerReady = (page) => page.waitForFunction(() => navigator.serviceWorker.controller !== null);
