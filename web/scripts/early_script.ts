import type { Plugin } from 'vite';

/**
 * Lets one chunk run as soon as it is there. The page would only fetch it beforehand, and run it when all of the app has
 * come; as a script of its own it runs first, and the app gets the same module.
 */
export function earlyScript(name: string): Plugin {
  return {
    name: 'ourvidz-early-script',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') return this.error('There is no page.');
      const link = new RegExp(`<link rel="modulepreload" crossorigin href="([^"]*/${name}-[^"]*)">`);
      const before = String(page.source);
      if (!link.test(before)) return this.error(`The page does not name the chunk ${name}.`);
      page.source = before.replace(link, '<script type="module" async crossorigin src="$1"></script>');
    },
  };
}
