// Fails when src/api/schema.ts is not what the API description generates.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import prettier from 'prettier';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const options = await prettier.resolveConfig(here('../src/api/schema.ts'));
const normal = (text) =>
  prettier.format(text.replace(/^\/\*\*[\s\S]*?\*\/\s*/, ''), { ...options, parser: 'typescript' });
const fresh = await normal(
  astToString(
    await openapiTS(new URL('../../api/openapi.yaml', import.meta.url), { defaultNonNullable: false }),
  ),
);
const committed = await normal(readFileSync(here('../src/api/schema.ts'), 'utf8'));
if (fresh !== committed) {
  console.error('src/api/schema.ts is out of date: run `npm run gen` and commit the result.');
  process.exit(1);
}
