// Keeps the app itself, so that every page opens without a connection; never what the API answers, never a picture.
// `shell` (the app's files, from the scope) and `version` (a hash of them) are written above this line by
// scripts/service_worker.mjs. Paths are taken from the scope, so a studio below a path of a proxy works the same.
const scope = self.registration.scope;
/** Other studios of the same site have caches of their own; a space is in no path. */
const cachePrefix = `ourvidz-shell ${new URL(scope).pathname} `;
const page = scope;
/** A connection that says nothing for so long is as good as none: then the kept page is shown. */
const patienceMs = 4_000;
/** What a proxy answers while the studio behind it is away. */
const awayStatuses = [502, 503, 504];

const isOwn = (response) => response.ok && response.type === 'basic' && !response.redirected;

/** All or nothing; what a sign-in page or a proxy answers instead of a file is not kept. */
async function keepShell() {
  const cache = await caches.open(cachePrefix + version);
  await Promise.all(
    shell.map(async (path) => {
      const address = new URL(path, scope).href;
      // Files under assets/ have a hash in their name; all others are asked for anew.
      const response = await fetch(address, { cache: path.startsWith('assets/') ? 'default' : 'no-cache' });
      if (!isOwn(response)) throw new Error(`${path} is not to be had`);
      await cache.put(address, response);
    }),
  );
}

/** The version before this one stays for windows that still run it. */
async function dropOldShells() {
  const own = (await caches.keys()).filter((name) => name.startsWith(cachePrefix));
  const before = own.filter((name) => name !== cachePrefix + version).slice(0, -1);
  await Promise.all(before.map((name) => caches.delete(name)));
}

const kept = (address) => caches.match(address, { ignoreVary: true });

async function keptPage() {
  const cache = await caches.open(cachePrefix + version);
  return cache.match(page, { ignoreVary: true });
}

/** The server's page if the server answers in time; else the kept one, which says that it is gone and tries again. */
async function openPage(request) {
  const late = new Promise((resolve) => setTimeout(resolve, patienceMs, null));
  const fromServer = fetch(request).catch(() => null);
  const response = await Promise.race([fromServer, late]);
  if (response && !awayStatuses.includes(response.status)) return response;
  return (await keptPage()) ?? (await fromServer) ?? Response.error();
}

self.addEventListener('install', (event) => event.waitUntil(keepShell().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) =>
  event.waitUntil(dropOldShells().then(() => self.clients.claim())),
);
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = request.url.split(/[?#]/)[0];
  if (request.method !== 'GET' || !address.startsWith(scope)) return;
  const path = address.slice(scope.length);
  if (path.startsWith('api/')) return;
  if (request.mode === 'navigate') event.respondWith(openPage(request));
  else if (shell.includes(path)) {
    event.respondWith(kept(address).then((response) => response ?? fetch(request)));
  } else if (path.startsWith('assets/')) {
    event.respondWith(fetch(request).catch(async () => (await kept(address)) ?? Response.error()));
  }
});
