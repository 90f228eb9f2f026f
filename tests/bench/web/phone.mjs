// One round of ./dev bench web: a phone visits the app at the address given, and the figures go to stdout as JSON.
import { mkdirSync, writeFileSync } from 'node:fs';
import { openBrowser, phone } from '../../e2e/harness.mjs';

const address = process.argv[2];
const profileFolder = process.env.PROFILE;
const slowdown = 4;
/** What Lighthouse calls slow 4G. */
const network = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
};
/** After an act: for late events to be reported. */
const lateMs = 400;
/** After the first picture: for the rest of the screen, and for what is loaded behind it. */
const quietMs = 2_500;
const pastQuestions = ['Tell of the sea in 120 words', 'Tell of the fox in 120 words', 'And the harbour in 120 words'];
const longQuestion = 'Tell of the lighthouse in 400 words';
const typed = 'what does the keeper see';

const browser = await openBrowser();
const context = await browser.newContext(phone);
context.setDefaultTimeout(60_000);
const page = await context.newPage();
const devtools = await context.newCDPSession(page);

/** Runs in the page before everything else: keeps what the browser says about paints, events and tasks. */
function observe() {
  const seen = { paints: {}, largest: 0, events: [], tasks: [], firstTile: null };
  window.benchSeen = seen;
  const watch = (type, take, more = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
  watch('paint', (entry) => (seen.paints[entry.name] = entry.startTime));
  watch('largest-contentful-paint', (entry) => (seen.largest = entry.startTime));
  watch('event', (entry) => entry.interactionId > 0 && seen.events.push(entry.duration), { durationThreshold: 16 });
  watch('longtask', (entry) => seen.tasks.push(entry.duration));
  const look = () => {
    if (document.querySelector('[data-asset]')) seen.firstTile = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const seen = () => page.evaluate(() => window.benchSeen);

async function throttle(on) {
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: on ? slowdown : 1 });
  const free = { ...network, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
  await devtools.send('Network.emulateNetworkConditions', on ? network : free);
}

/** The longest event, or task, from the act until the page is quiet again. */
async function longest(what, name, act) {
  await page.evaluate((kind) => (window.benchSeen[kind].length = 0), what);
  if (profileFolder) await devtools.send('Profiler.start');
  await act();
  await pause(lateMs);
  if (profileFolder) {
    const { profile } = await devtools.send('Profiler.stop');
    mkdirSync(profileFolder, { recursive: true });
    writeFileSync(`${profileFolder}/${name}.cpuprofile`, JSON.stringify(profile));
  }
  return Math.max(0, ...(await seen())[what]);
}

/** What was loaded when, and how large it was. */
async function keepTimeline() {
  const lines = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map((one) => [one.startTime, one.responseEnd, one.transferSize].map(Math.round).join(' ') + ' ' + one.name),
  );
  mkdirSync(profileFolder, { recursive: true });
  writeFileSync(`${profileFolder}/timeline-${Date.now()}.txt`, lines.join('\n'));
}

async function visit() {
  await page.goto(address);
  await page.locator('[data-asset] img').first().waitFor();
  await pause(quietMs);
  const scripts = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((one) => /\.js$/.test(one.name) && one.startTime < window.benchSeen.firstTile)
      .reduce((sum, one) => sum + one.transferSize, 0),
  );
  if (profileFolder) await keepTimeline();
  const { paints, largest } = await seen();
  return { first: paints['first-contentful-paint'], largest, scripts };
}

const pages = [
  { name: 'Library', ready: () => page.locator('[data-asset] img').first() },
  { name: 'Chat', ready: () => page.getByRole('textbox', { name: 'Message' }) },
  { name: 'More', ready: () => page.getByRole('heading', { name: 'Models' }) },
  { name: 'Workspace', ready: () => page.getByRole('textbox', { name: 'Prompt' }) },
];
const goTo = async ({ name, ready }) => {
  await page.getByRole('link', { name }).tap();
  await ready().waitFor();
};

async function changePages() {
  const found = [];
  for (const one of pages) found.push(await longest('events', `page-${one.name}`, () => goTo(one)));
  return Math.max(...found);
}

async function viewPictures() {
  await goTo(pages[0]);
  await pause(lateMs);
  const open = await longest('events', 'viewer', async () => {
    await page.locator('[data-asset] > button').first().tap();
    await page.getByRole('dialog').locator('img').first().waitFor();
  });
  const next = await longest('events', 'next', async () => {
    for (let count = 0; count < 4; count++) {
      await page.keyboard.press('ArrowRight');
      await pause(lateMs);
    }
  });
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  return { open, next };
}

const scroll = (distance) =>
  devtools.send('Input.synthesizeScrollGesture', {
    x: 180,
    y: 400,
    yDistance: distance,
    speed: 2_500,
    gestureSourceType: 'touch',
  });

async function ask(question) {
  const field = page.getByRole('textbox', { name: 'Message' });
  await field.fill(question);
  await page.getByRole('button', { name: 'Send', exact: true }).tap();
}

async function talk() {
  await throttle(false);
  await goTo(pages[1]);
  for (const [index, question] of pastQuestions.entries()) {
    await ask(question);
    await page.locator('[data-answer=done]').nth(index).waitFor();
  }
  await throttle(true);
  await ask(longQuestion);
  await page.locator('[data-answer=writing] p').first().waitFor();
  await page.getByRole('textbox', { name: 'Message' }).focus();
  await pause(lateMs);
  return longest('events', 'typing', () => page.keyboard.type(typed, { delay: 90 }));
}

await page.addInitScript(observe);
await throttle(true);
if (profileFolder) await devtools.send('Profiler.enable');
const first = await visit();
const change = await changePages();
const viewer = await viewPictures();
const task = await longest('tasks', 'scroll', async () => {
  await scroll(-7_000);
  await scroll(7_000);
});
const typing = await talk();
const again = await visit();
await browser.close();
console.log(
  JSON.stringify({
    first_paint_ms: first.first,
    largest_paint_ms: first.largest,
    again_first_paint_ms: again.first,
    script_kb: first.scripts / 1000,
    open_viewer_ms: viewer.open,
    next_picture_ms: viewer.next,
    change_page_ms: change,
    typing_ms: typing,
    scroll_task_ms: task,
  }),
);
