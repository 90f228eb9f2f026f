/** The browser's storage, which may be closed to us or hold what another version wrote. */
export function readStored<Value>(key: string, parse: (raw: unknown) => Value): Value | null {
  try {
    const text = localStorage.getItem(key);
    return text === null ? null : parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Says whether the value was written; a full or closed storage is not worth an exception. */
export function writeStored(key: string, value: unknown): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
