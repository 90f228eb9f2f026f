import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { __unstable__loadDesignSystem as loadDesign } from 'tailwindcss';
import { expect, it } from 'vitest';

const folder = new URL('..', import.meta.url).pathname;
const tailwind = createRequire(import.meta.url).resolve('tailwindcss/index.css');

/** Names that groups, tests and our own rules hang on; they need no style of their own. */
const marks = /^(group(\/\w+)?|lightbox)$/;

const namesIn = (source: string): string[] =>
  [...source.matchAll(/className="([^"]+)"|cx\(([^;]*?)\)[}\s,;]/g)].flatMap(([, plain, composed]) => {
    const texts =
      plain === undefined
        ? [...(composed ?? '').matchAll(/=== '[^']*'|'([^']*)'/g)].map(([, text]) => text ?? '')
        : [plain];
    return texts.flatMap((text) => text.split(/\s+/)).filter((name) => name !== '' && !marks.test(name));
  });

it('every class yields a style: a slip in its name would be seen by nobody', async () => {
  const styles = readFileSync(`${folder}app/styles.css`, 'utf8');
  const loadStylesheet = (id: string, base: string) =>
    Promise.resolve({ path: id, base, content: readFileSync(tailwind, 'utf8') });
  const design = await loadDesign(styles, { base: folder, loadStylesheet });
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.tsx'),
  );
  const names = [...new Set(files.flatMap((file) => namesIn(readFileSync(folder + file, 'utf8'))))];
  expect(names.length).toBeGreaterThan(200);
  const dead = (all: string[]) =>
    design.candidatesToCss(all).flatMap((css, at) => (css === null ? [all[at]] : []));
  expect(dead(['touch-[pan-y_pinch-zoom]', 'touch-none'])).toEqual(['touch-[pan-y_pinch-zoom]']);
  expect(dead(names)).toEqual([]);
});
