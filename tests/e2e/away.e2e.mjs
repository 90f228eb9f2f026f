// How the app stands being away: without a connection, without an answer, after "back", after a reload. Drives a real browser
// against a running real product; see README.md.
import { backChecks, chatScrollCheck } from './back_checks.mjs';
import { baseUrl, callApi, finish, openBrowser, until } from './harness.mjs';
import { idleChecks } from './idle_checks.mjs';
import { frameChecks, offlineChecks } from './offline_checks.mjs';
import { silenceChecks } from './silence_checks.mjs';

const kept = 14;
const batches = 4;

/** More pictures than a phone shows at once, in the workspace and in the library. */
async function fill() {
  const assets = [];
  for (let count = 0; count < batches; count++) {
    const { id } = await callApi('POST', '/api/v1/generations', {
      kind: 'sdxl_image_fast',
      prompt: 'a red fox',
      batch: 6,
      steps: 4,
    });
    const done = await until(
      () => callApi('GET', `/api/v1/generations/${id}`),
      (one) => one.ended_at !== null,
      'six pictures',
    );
    assets.push(...done.assets);
  }
  for (const { id } of assets.slice(0, kept)) await callApi('POST', `/api/v1/assets/${id}/keep`);
}

await fill();
const browser = await openBrowser();
await frameChecks(browser, baseUrl);
await backChecks(browser);
await chatScrollCheck(browser);
await offlineChecks(browser);
await silenceChecks(browser);
await idleChecks(browser);
await browser.close();
process.exit(finish() ? 0 : 1);
