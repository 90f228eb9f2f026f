import { fromBase } from './base';

/**
 * The service worker keeps the app's own files, so that every page opens without a connection. Browsers allow it over https
 * and on the machine itself; elsewhere the app works as before.
 */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // A refusal changes nothing that is on the screen.
  navigator.serviceWorker.register(fromBase('/sw.js')).catch(() => undefined);
}
