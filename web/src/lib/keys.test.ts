import { describe, expect, it } from 'vitest';
import { isComposing, meaningOfEnter, shortcutOf, type KeyPress } from './keys';

function press(change: Partial<KeyPress> = {}): KeyPress {
  return {
    key: 'Enter',
    code: 'Enter',
    keyCode: 13,
    isComposing: false,
    repeat: false,
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...change,
  };
}

describe('composing', () => {
  it('is what the browser says', () => expect(isComposing(press({ isComposing: true }))).toBe(true));
  // Safari ends the composition first and then sends the Enter that ended it, with this code and nothing else.
  it('is a key of code 229', () => expect(isComposing(press({ keyCode: 229 }))).toBe(true));
  it('is no other key', () => expect(isComposing(press())).toBe(false));
});

describe('Enter', () => {
  const meaning = (change: Partial<KeyPress>, keyboard = true) => meaningOfEnter(press(change), { keyboard });
  it('sends with a keyboard', () => expect(meaning({})).toBe('send'));
  it('makes a new line on a phone', () => expect(meaning({}, false)).toBe('text'));
  it('sends on a phone with Ctrl or Command', () => {
    expect(meaning({ ctrlKey: true }, false)).toBe('send');
    expect(meaning({ metaKey: true }, false)).toBe('send');
  });
  it('makes a new line with Shift', () => expect(meaning({ shiftKey: true })).toBe('text'));
  it('belongs to the input method while it ends a composition', () => {
    expect(meaning({ isComposing: true })).toBe('text');
    expect(meaning({ keyCode: 229 })).toBe('text');
  });
  it('means nothing more while it is held', () => expect(meaning({ repeat: true })).toBe('held'));
  it('makes new lines with Shift for as long as it is held', () =>
    expect(meaning({ repeat: true, shiftKey: true })).toBe('text'));
  it('is not another key', () => expect(meaning({ key: 'k' })).toBe('text'));
});

describe('shortcuts', () => {
  const key = (key: string, code: string, change: Partial<KeyPress> = {}) =>
    shortcutOf(press({ key, code, keyCode: 75, ...change }));
  it('are the letter', () => expect(key('k', 'KeyK')).toBe('k'));
  it('do not mind Caps Lock', () => expect(key('K', 'KeyK')).toBe('k'));
  it('are not the letter with Shift', () => expect(key('K', 'KeyK', { shiftKey: true })).toBeNull());
  it('are the sign that Shift makes', () => expect(key('?', 'Slash', { shiftKey: true })).toBe('?'));
  it('are found by place where the layout has other letters', () => {
    expect(key('л', 'KeyK')).toBe('k');
    expect(key('ل', 'KeyG')).toBe('g');
  });
  it('leave what belongs to the browser alone', () => {
    expect(key('k', 'KeyK', { ctrlKey: true })).toBeNull();
    expect(key('k', 'KeyK', { metaKey: true })).toBeNull();
    expect(key('k', 'KeyK', { altKey: true })).toBeNull();
  });
  it('rest while an input method composes', () => {
    expect(key('k', 'KeyK', { isComposing: true })).toBeNull();
    expect(key('k', 'KeyK', { keyCode: 229 })).toBeNull();
  });
  it('happen once however long the key is held, but one may walk on', () => {
    expect(key('k', 'KeyK', { repeat: true })).toBeNull();
    expect(key('ArrowRight', 'ArrowRight', { repeat: true })).toBe('ArrowRight');
  });
});
