// Writes dist/sw.js: service_worker/worker.js with the list of the app's files and a version that is a hash of them.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { relative, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const source = readFileSync(fileURLToPath(new URL('../service_worker/worker.js', import.meta.url)), 'utf8');
/** Alphabets other than Latin are fetched when a text has them. */
const left = /^(?:\.vite\/|sw\.js)|\.(?:br|gz|map)$|inter-(?!latin-wght)/;

const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(dist, join(entry.parentPath, entry.name)))
  .filter((path) => !left.test(path))
  .sort();
const hash = createHash('sha256').update(source);
for (const path of files) hash.update(path).update(readFileSync(dist + path));
// The page stands at the scope itself.
const shell = files.map((path) => (path === 'index.html' ? '' : path));
const version = hash.digest('hex').slice(0, 16);
writeFileSync(
  `${dist}sw.js`,
  `const version = ${JSON.stringify(version)};\nconst shell = ${JSON.stringify(shell)};\n${source}`,
);
console.log(`service worker ${version}: ${shell.length} files`);
