// Fails the build when the JavaScript that the first screen needs outgrows its budget.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const limitKb = 170;
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'));

/** Every chunk that is loaded before the first screen: the entry and what it imports statically. */
function collect(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) collect(next, seen);
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const gzBytes = (file) => gzipSync(readFileSync(dist + file), { level: 9 }).length;
let total = 0;
for (const key of collect(entry)) total += gzBytes(manifest[key].file);
console.log(`JavaScript before the first screen: ${(total / 1000).toFixed(1)} kB gzipped of ${limitKb} kB`);
for (const [key, chunk] of Object.entries(manifest)) {
  if (chunk.file.endsWith('.js')) console.log(`  ${(gzBytes(chunk.file) / 1000).toFixed(1)} kB  ${key}`);
}
if (total > limitKb * 1000) {
  console.error('Over budget.');
  process.exit(1);
}
