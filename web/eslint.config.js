import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const features = ['composer', 'staging', 'library', 'chat', 'more'];

const spoken = new Set(['aria-label', 'aria-description', 'alt', 'title', 'placeholder', 'label']);
const hasWords = (text) => typeof text === 'string' && /\p{L}{2,}/u.test(text);

/** People's words live in src/lib/messages; a literal one in JSX is a mistake. */
const noLiteralWords = {
  create: (context) => ({
    JSXText(node) {
      if (hasWords(node.value)) context.report({ node, message: 'Put words into src/lib/messages.' });
    },
    JSXAttribute(node) {
      if (spoken.has(node.name.name) && node.value?.type === 'Literal' && hasWords(node.value.value)) {
        context.report({ node, message: 'Put words into src/lib/messages.' });
      }
    },
    'JSXExpressionContainer > :matches(Literal, TemplateLiteral)'(node) {
      const text = node.type === 'Literal' ? node.value : node.quasis.map((part) => part.value.raw).join('');
      if (node.parent.parent.type === 'JSXElement' && hasWords(text)) {
        context.report({ node, message: 'Put words into src/lib/messages.' });
      }
    },
  }),
};

export default tseslint.config(
  { ignores: ['dist', 'src/api/schema.ts'] },
  js.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked, jsxA11y.flatConfigs.strict],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: {
      'react-hooks': reactHooks,
      'import-x': importX,
      ourvidz: { rules: { 'no-literal-words': noLiteralWords } },
    },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      ...reactHooks.configs.recommended.rules,
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': [
        'error',
        {
          basePath: import.meta.dirname,
          zones: [
            { target: './src/{api,lib,components}', from: './src/{features,app}' },
            { target: './src/{api,lib}', from: './src/components' },
            { target: './src/features', from: './src/app' },
            ...features.map((name) => ({
              target: `./src/features/${name}`,
              from: './src/features',
              except: [`./${name}`],
              message: 'Features do not import each other; share through lib or components.',
            })),
          ],
        },
      ],
      'ourvidz/no-literal-words': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "JSXOpeningElement[name.name='textarea']:not(:has(> JSXAttribute[name.name='dir'][value.value='auto']))",
          message: 'People write from right to left too: dir="auto".',
        },
      ],
      'max-lines': ['error', 500],
      'max-lines-per-function': ['error', { max: 110, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['src/**/*.test.ts'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['public/*.js'], languageOptions: { globals: globals.browser } },
  {
    files: ['service_worker/*.js'],
    languageOptions: { globals: { ...globals.serviceworker, shell: 'readonly', version: 'readonly' } },
  },
  { files: ['scripts/**/*.mjs', 'dev/**/*.mjs', '*.js'], languageOptions: { globals: globals.node } },
);
