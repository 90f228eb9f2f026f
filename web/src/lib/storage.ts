/** The browser's storage, which may be closed to us or hold what another version wrote. */
export function readStored<Value>(key: string, parse: (raw: unknown) => Value): Value | null {
  return read(() => localStorage, key, parse);
}

/** Says whether the value was written; a full or closed storage is not worth an exception. */
export function writeStored(key: string, value: unknown): boolean {
  return write(() => localStorage, key, value);
}

export function forgetStored(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Closed to us: then nothing was kept there either.
  }
}

/** What this window has written; a new window begins with what was written last in any of them. */
export function readOfWindow<Value>(key: string, parse: (raw: unknown) => Value): Value | null {
  return read(() => sessionStorage, key, parse) ?? readStored(key, parse);
}

export function writeOfWindow(key: string, value: unknown): void {
  write(() => sessionStorage, key, value);
  writeStored(key, value);
}

/** The same, known to this window alone. */
export function readOfThisWindow<Value>(key: string, parse: (raw: unknown) => Value): Value | null {
  return read(() => sessionStorage, key, parse);
}

export function writeOfThisWindow(key: string, value: unknown): void {
  write(() => sessionStorage, key, value);
}

function read<Value>(storage: () => Storage, key: string, parse: (raw: unknown) => Value): Value | null {
  try {
    const text = storage().getItem(key);
    return text === null ? null : parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function write(storage: () => Storage, key: string, value: unknown): boolean {
  try {
    storage().setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
