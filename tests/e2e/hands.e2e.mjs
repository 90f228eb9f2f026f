// How the app answers to hands: keys, fingers, focus, shapes and words. Drives a real browser against a running real product;
// see README.md.
import { check, expect, finish, openBrowser, screenMs } from './harness.mjs';
import { addressChecks } from './address_checks.mjs';
import { enlargeChecks } from './enlarge_checks.mjs';
import { focusChecks } from './focus_checks.mjs';
import { heldChecks } from './held_checks.mjs';
import { keyChecks } from './key_checks.mjs';
import { noticeChecks } from './notice_checks.mjs';
import { runChecks } from './run_checks.mjs';
import { shapeChecks } from './shape_checks.mjs';
import { makePictures } from './stock.mjs';
import { touchChecks } from './touch_checks.mjs';
import { trashChecks } from './trash_checks.mjs';

const browser = await openBrowser();
const errors = [];
const parts = {
  keyChecks,
  shapeChecks,
  heldChecks,
  touchChecks,
  focusChecks,
  noticeChecks,
  runChecks,
  enlargeChecks,
  trashChecks,
  addressChecks,
};
const wanted = process.argv.slice(2);
const pictures = await makePictures(6);
for (const [name, part] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  await part({ browser, errors, pictures, screenMs });
}
await check('the browser has reported no error while hands were at work', async () => {
  const serious = errors.filter((text) => !/404 \(Not Found\)|422 \(Unproc/.test(text));
  expect(serious.length === 0, serious.join('\n'));
});
await browser.close();
process.exit(finish() ? 0 : 1);
