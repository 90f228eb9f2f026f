// Numbers in the composer: taken as they are typed or pasted, or said to be wrong at their field. Nothing is cut to fit.
import { baseUrl, callApi, check, desktop, expect, screenMs, watchErrors } from './harness.mjs';

const seedMax = '9223372036854775807';
const fault = 'Write a whole number from 0 to';

export async function numberChecks(browser, errors) {
  const context = await browser.newContext({ ...desktop, colorScheme: 'dark' });
  context.setDefaultTimeout(screenMs);
  const page = await context.newPage();
  watchErrors(page, errors);
  await page.goto(baseUrl);
  await page.getByRole('button', { name: /^Advanced/ }).click();
  await page.getByRole('radio', { name: 'Keep this one' }).click();
  const seed = page.getByRole('textbox', { name: 'Seed', exact: true });
  const prompt = page.getByRole('textbox', { name: 'Prompt' });

  const paste = async (text) => {
    await seed.fill('');
    await seed.focus();
    await page.keyboard.insertText(text);
  };
  const isInvalid = async () => (await seed.getAttribute('aria-invalid')) === 'true';

  await check('a pasted seed of any length is taken as it is', async () => {
    for (const digits of ['0', '112358132141', '9007199254740993', seedMax]) {
      await paste(digits);
      expect((await seed.inputValue()) === digits, `${digits} became ${await seed.inputValue()}`);
      expect(!(await isInvalid()), `${digits} is called wrong`);
    }
  });
  await check('what is no seed, or nothing, is said at the field and is not sent', async () => {
    for (const text of ['', '-1', '1.5', 'seven', '9223372036854775808']) {
      await paste(text);
      expect((await seed.inputValue()) === text, `${text} became ${await seed.inputValue()}`);
      await page.getByText(fault).first().waitFor();
      expect(await isInvalid(), `"${text}" is not called wrong`);
      const describedBy = await seed.getAttribute('aria-describedby');
      const said = await page.locator(`[id="${describedBy}"]`).textContent();
      expect(said.startsWith(fault), `"${text}": the field is described as ${said}`);
    }
    let sent = 0;
    page.on('request', (one) => {
      if (one.method() === 'POST' && one.url().endsWith('/api/v1/generations')) sent += 1;
    });
    await prompt.fill('a red fox');
    await prompt.press('Enter');
    await page.getByRole('alert').getByText(fault).waitFor();
    expect(sent === 0, 'it was sent');
  });
  await check('a seed beyond 2^53 reaches the server and comes back without being rounded', async () => {
    await paste('9007199254740993');
    await prompt.fill('a red fox');
    const [response] = await Promise.all([
      page.waitForResponse(
        (one) => one.url().endsWith('/api/v1/generations') && one.request().method() === 'POST',
      ),
      prompt.press('Enter'),
    ]);
    const made = await response.json();
    expect(response.status() === 202, `${response.status()}: ${JSON.stringify(made)}`);
    expect(made.settings.seed === '9007199254740993', `stored as ${made.settings.seed}`);
    await page.reload();
    await callApi('POST', `/api/v1/generations/${made.id}/cancel`);
  });
  await context.close();
}
