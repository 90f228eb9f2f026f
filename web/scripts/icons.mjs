// Draws the PNG icons from public/icon.svg with the installed Chromium: `node scripts/icons.mjs`.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const folder = fileURLToPath(new URL('../public/', import.meta.url));
const svg = await readFile(`${folder}icon.svg`, 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage();

/** Systems cut maskable icons to their own shape: the background fills the square, the mark keeps its distance. */
async function draw(name, side, maskable) {
  await page.setViewportSize({ width: side, height: side });
  const inner = maskable ? Math.round(side * 0.8) : side;
  const background = maskable ? '#1b1713' : 'transparent';
  await page.setContent(
    `<style>body{margin:0;background:${background};display:grid;place-items:center;height:100vh}svg{width:${inner}px;height:${inner}px}</style>${svg}`,
  );
  await page.screenshot({ path: `${folder}${name}`, omitBackground: true });
}

await draw('icon-180.png', 180, true);
await draw('icon-192.png', 192, false);
await draw('icon-512.png', 512, false);
await draw('icon-maskable-512.png', 512, true);
await browser.close();
