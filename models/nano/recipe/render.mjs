// Renders the drawings that concepts.txt and scenes/things.txt name to 256 x 256 PNG files: node render.mjs OUT
// OUT/fluent/NAME.png and OUT/noto/NAME.png, which the model learns from, and OUT/held/NAME.png, a third style that
// only tests the judge.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Resvg } = require('@resvg/resvg-js');
const sets = {
  fluent: require('@iconify-json/fluent-emoji-flat/icons.json'),
  noto: require('@iconify-json/noto/icons.json'),
  held: require('@iconify-json/fluent-emoji/icons.json'),
};

const side = 256;
const out = process.argv[2];
const concepts = fs.readFileSync(new URL('concepts.txt', import.meta.url), 'utf8');
const lines = concepts.split('\n').filter((line) => line.includes('=') && !line.startsWith('#'));
const wanted = lines.flatMap((line) => line.split('=')[1].trim().split(/\s+/));
// Drawings of scenes may be in one set only; our own ("own:") are drawn by the scenes themselves.
const things = fs.readFileSync(new URL('scenes/things.txt', import.meta.url), 'utf8');
const thingLines = things.split('\n').filter((line) => line.includes(' : ') && !line.startsWith('#'));
const inScenes = thingLines
  .flatMap((line) => line.split(' : ')[2].trim().split(/\s+/))
  .filter((drawing) => !drawing.startsWith('own:'))
  .map((drawing) => drawing.replace('head:', ''));

// The renderer aborts on this one.
const broken = { noto: 'package' };
const has = (set, name) => broken[set] !== name && Boolean(sets[set].icons[name] ?? sets[set].icons[sets[set].aliases?.[name]?.parent]);

function render(set, name) {
  const { icons, aliases, width: usual, height: usualHeight } = sets[set];
  const icon = icons[name] ?? icons[aliases?.[name]?.parent];
  if (!icon) throw new Error(`${set} has no ${name}`);
  const width = icon.width ?? usual;
  const height = icon.height ?? usualHeight;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
    `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${icon.body}</svg>`;
  return new Resvg(svg, { fitTo: { mode: 'width', value: side } }).render().asPng();
}

let count = 0;
for (const set of Object.keys(sets)) fs.mkdirSync(path.join(out, set), { recursive: true });
for (const drawing of wanted) {
  const [, only, name] = drawing.match(/^(?:([fn]):)?(.+)$/);
  for (const set of Object.keys(sets)) {
    if (only && set !== 'held' && only !== set[0]) continue;
    const file = path.join(out, set, `${name}.png`);
    if (!fs.existsSync(file)) fs.writeFileSync(file, render(set, name));
    count += 1;
  }
}
for (const name of inScenes) {
  const found = Object.keys(sets).filter((set) => has(set, name));
  if (!found.some((set) => set !== 'held')) throw new Error(`no set has ${name}`);
  for (const set of found) {
    const file = path.join(out, set, `${name}.png`);
    if (!fs.existsSync(file)) fs.writeFileSync(file, render(set, name));
    count += 1;
  }
}
console.log(`${count} drawings of ${lines.length + thingLines.length} lines`);
