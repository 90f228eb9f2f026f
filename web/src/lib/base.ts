/**
 * Where the studio lies, with a slash at its end: "/", or what a proxy has before it, such as "/studio/". Every file of the
 * built app is in one folder below it.
 */
export const base = import.meta.env.PROD ? new URL('..', import.meta.url).pathname : '/';

/** `path` begins with a slash, as the API writes it. */
export function fromBase(path: string): string {
  return base + path.slice(1);
}

/** For JSON.parse: the links in what the API answers, from where the studio lies. */
export function linksFromBase(key: string, value: unknown): unknown {
  if (key !== 'links' || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, link]) => [
      name,
      typeof link === 'string' ? fromBase(link) : (link as unknown),
    ]),
  );
}
