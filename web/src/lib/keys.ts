/** What of a keyboard event says what a person meant; React's and the browser's both fit. */
export interface KeyPress extends Pick<
  KeyboardEvent,
  'key' | 'code' | 'isComposing' | 'repeat' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'
> {
  /** Deprecated, and yet the only thing that tells an input method's keys in every browser. */
  keyCode: number;
}

/** The code of a key that an input method has taken. */
const takenKeyCode = 229;

/**
 * The key belongs to an input method that composes letters. Safari ends the composition before the Enter that ended it
 * arrives, so that only the code still tells.
 */
export function isComposing(press: KeyPress): boolean {
  return press.isComposing || press.keyCode === takenKeyCode;
}

/**
 * What an Enter in a field of several lines means. It sends where there is a keyboard, or with Ctrl or Command; held down
 * it means nothing more than it has meant already.
 */
export function meaningOfEnter(
  press: KeyPress,
  { keyboard }: { keyboard: boolean },
): 'send' | 'held' | 'text' {
  if (press.key !== 'Enter' || press.shiftKey || isComposing(press)) return 'text';
  if (!keyboard && !press.ctrlKey && !press.metaKey) return 'text';
  return press.repeat ? 'held' : 'send';
}

/** Keys with which one walks on for as long as they are held. */
const walking = /^(Arrow|Page|[+-]$)/;

/**
 * The name of the single-key shortcut that was meant, or null. Letters are found by their place on the keyboard where its
 * layout has others, Cyrillic or Arabic ones for example.
 */
export function shortcutOf(press: KeyPress): string | null {
  if (press.ctrlKey || press.metaKey || press.altKey || isComposing(press)) return null;
  const key = letterOf(press) ?? press.key;
  if (press.repeat && !walking.test(key)) return null;
  return press.shiftKey && /^[a-z]$/.test(key) ? null : key;
}

function letterOf({ key, code }: KeyPress): string | null {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  const isForeign = key.length === 1 && key > '\u007f';
  return isForeign ? (/^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? null) : null;
}

const writesText = 'textarea, [contenteditable="true"]';

/**
 * Held down, Enter and space press a button again and again, open and close menus and submit forms. Only the first press
 * is meant; where text is written, the field itself decides.
 */
export function ignoreHeldKeys(): void {
  const pressed = (event: KeyboardEvent) => {
    if (!event.repeat || (event.key !== 'Enter' && event.key !== ' ')) return;
    if (event.target instanceof Element && event.target.closest(writesText)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener('keydown', pressed, { capture: true });
}

/** Ctrl+Z or Command+Z. */
export function isUndo(press: KeyPress): boolean {
  return (
    press.key.toLowerCase() === 'z' && (press.ctrlKey || press.metaKey) && !press.shiftKey && !press.altKey
  );
}
