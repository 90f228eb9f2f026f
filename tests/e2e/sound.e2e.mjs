// A sound that the studio keeps: tests/api/sound_test.py puts it there and runs this. ASSET is its id, LENGTH what its tile says.
import { mkdir } from 'node:fs/promises';
import {
  desktop,
  check,
  expect,
  expectAccessible,
  finish,
  openBrowser,
  phone,
  watchErrors,
} from './harness.mjs';
import { leave, opener, tile, visit } from './stock.mjs';

const id = process.env.ASSET;
const shots = process.env.SHOTS;
if (shots) await mkdir(shots, { recursive: true });
const browser = await openBrowser();
const errors = [];

for (const [name, size] of Object.entries({ phone, desktop })) {
  const page = await visit(browser, size, errors, '/library');
  watchErrors(page, errors);
  await check(`${name}: a sound has a tile that says what it is and how long it lasts`, async () => {
    await opener(page, id).waitFor();
    const label = await opener(page, id).getAttribute('aria-label');
    expect(label === 'Open sound: a bell in the fog', label);
    await tile(page, id).getByText(process.env.LENGTH, { exact: true }).waitFor();
    await tile(page, id).getByText('a bell in the fog').waitFor();
    const broken = await tile(page, id)
      .locator('img')
      .evaluateAll((images) => images.map(({ src }) => src));
    expect(
      broken.every((src) => !src.includes('/content')),
      `its file is shown as a picture: ${broken}`,
    );
    if (shots) await page.screenshot({ path: `${shots}/sound-library-${name}.png` });
    await expectAccessible(page);
  });
  await check(`${name}: it plays when it is asked to, to its end`, async () => {
    await opener(page, id).click();
    const sound = page.locator('audio');
    await sound.waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    expect(await sound.evaluate((one) => one.paused && one.currentTime === 0), 'it plays unasked');
    if (shots) await page.screenshot({ path: `${shots}/sound-viewer-${name}.png` });
    await expectAccessible(page);
    const ended = sound.evaluate(
      (one) => new Promise((done) => one.addEventListener('ended', () => done(one.currentTime))),
    );
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    expect((await ended) >= 0.9, 'it ended early');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  });
  await leave(page);
}
await check('the console had no errors', async () => expect(errors.length === 0, errors.join('\n')));
await browser.close();
finish();
