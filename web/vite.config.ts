import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { earlyScript } from './scripts/early_script';
import { inlineStyles } from './scripts/inline_styles';

const api = process.env['OURVIDZ_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react(), tailwindcss(), inlineStyles(), earlyScript('first_screen')],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    // The content security policy allows no data: fonts or scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    manifest: true,
    rollupOptions: { output: { manualChunks: { first_screen: ['src/lib/first_screen.ts'] } } },
  },
  // Scripts name their neighbours from where they lie, so that the app works below any path of a proxy. The page and the styles
  // name them from the root, which the server moves (src/http/static_files.h).
  experimental: { renderBuiltUrl: (_, { hostType }) => (hostType === 'js' ? { relative: true } : undefined) },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': api } },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});
