// Renders the 24 drawings to 128 x 128 PNG files: node render.mjs OUT
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Resvg } = require('@resvg/resvg-js');
const set = require('@iconify-json/fluent-emoji-flat/icons.json');

const side = 128;
// The word of the captions, and the drawing's name in the set.
const drawings = {
  cat: 'cat-face', dog: 'dog-face', fox: 'fox', panda: 'panda', pig: 'pig-face', frog: 'frog',
  penguin: 'penguin', owl: 'owl', fish: 'fish', apple: 'red-apple', banana: 'banana', pizza: 'pizza',
  hamburger: 'hamburger', strawberry: 'strawberry', car: 'automobile', rocket: 'rocket', house: 'house',
  tree: 'deciduous-tree', sunflower: 'sunflower', cactus: 'cactus', star: 'star', heart: 'red-heart',
  robot: 'robot', smiley: 'grinning-face',
};

const out = process.argv[2];
fs.mkdirSync(out, { recursive: true });
for (const [word, name] of Object.entries(drawings)) {
  const icon = set.icons[name] ?? set.icons[set.aliases?.[name]?.parent];
  const width = icon.width ?? set.width;
  const height = icon.height ?? set.height;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
    `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${icon.body}</svg>`;
  const png = new Resvg(svg, { fitTo: { mode: 'width', value: side } }).render().asPng();
  fs.writeFileSync(path.join(out, `${word}.png`), png);
}
