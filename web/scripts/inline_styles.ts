import type { Plugin } from 'vite';

/**
 * Puts the one style sheet into the page: nothing has to be fetched before the first paint. It is small (7 kB as
 * transferred), and the page comes compressed and is kept by the service worker, so nothing is fetched twice either.
 * No part of the app may wait for a file of styles after that, so it is taken out before the parts are linked.
 */
export function inlineStyles(): Plugin[] {
  const sheets: string[] = [];
  return [
    {
      name: 'ourvidz-take-styles',
      apply: 'build',
      generateBundle: {
        order: 'pre',
        handler(_, bundle) {
          for (const [name, part] of Object.entries(bundle)) {
            if (part.type === 'chunk') part.viteMetadata?.importedCss.clear();
            if (part.type !== 'asset' || !name.endsWith('.css')) continue;
            sheets.push(String(part.source));
            // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- it must not be written as a file too
            delete bundle[name];
          }
        },
      },
    },
    {
      name: 'ourvidz-inline-styles',
      apply: 'build',
      enforce: 'post',
      generateBundle(_, bundle) {
        const page = bundle['index.html'];
        if (page?.type !== 'asset') return this.error('There is no page to put the styles into.');
        page.source = String(page.source).replace(
          '</head>',
          () => `<style>${sheets.join('')}</style></head>`,
        );
      },
    },
  ];
}
