import { expect, it } from 'vitest';
import {
  fieldText,
  hasArrived,
  leftOf,
  noDraft,
  reduceDraft,
  restored,
  turnOf,
  type DraftAction,
} from './drafts';

const after = (...actions: DraftAction[]) => actions.reduce(reduceDraft, noDraft);
const turn = { key: 'k', text: 'Hello', parentId: 'a1' };
const edit: DraftAction = { type: 'edit', messageId: 'q1', parentId: 'a0', text: 'Old words' };

it('an edit leaves the draft alone, and can be left', () => {
  const editing = after({ type: 'write', text: 'My draft' }, edit, { type: 'write', text: 'New words' });
  expect(fieldText(editing)).toBe('New words');
  expect(fieldText(reduceDraft(editing, { type: 'leaveEdit' }))).toBe('My draft');
  const sent = reduceDraft(editing, { type: 'send', turn });
  expect(fieldText(sent)).toBe('My draft');
});

it('an edited message stands beside the one that it was', () => {
  expect(turnOf(after(edit), 'a9')).toMatchObject({ text: 'Old words', parentId: 'a0' });
  expect(turnOf(after({ type: 'write', text: ' Hello ' }), 'a9')).toMatchObject({
    text: 'Hello',
    parentId: 'a9',
  });
});

it('what could not be sent stands in the field again, before what was written meanwhile', () => {
  const sending = after({ type: 'write', text: 'Hello' }, { type: 'send', turn });
  expect(fieldText(sending)).toBe('');
  expect(fieldText(reduceDraft(sending, { type: 'failed' }))).toBe('Hello');
  const more = reduceDraft(reduceDraft(sending, { type: 'write', text: 'And' }), { type: 'failed' });
  expect(fieldText(more)).toBe('Hello\n\nAnd');
  expect(fieldText(reduceDraft(sending, { type: 'arrived' }))).toBe('');
});

it('what has arrived after all leaves the field', () => {
  const lost = restored({ c: after({ type: 'send', turn }) })['c'] ?? noDraft;
  const said = { id: 'q2', parent_id: 'a1', role: 'user' as const, text: 'Hello', state: 'done' as const };
  const message = { ...said, cut: false, error: null, generation_id: null, created_at: '' };
  expect(hasArrived(lost, [message])).toBe(true);
  expect(hasArrived(lost, [{ ...message, parent_id: 'a0' }])).toBe(false);
  expect(fieldText(reduceDraft(lost, { type: 'found' }))).toBe('');
});

it('what may have arrived goes out under the same key, until it is changed', () => {
  const lost = restored({ c: after({ type: 'send', turn }) })['c'] ?? noDraft;
  expect(turnOf(lost, 'a9')).toEqual(turn);
  const changed = reduceDraft(lost, { type: 'write', text: 'Hello!' });
  expect(turnOf(changed, 'a9').key).not.toBe('k');
});

it('what a tab leaves is by place, the newest of them, and nothing of what was sent', () => {
  const written = after({ type: 'write', text: 'Half' });
  const left = leftOf({ a: written, b: written }, 'a', written);
  expect(Object.keys(left)).toEqual(['b', 'a']);
  expect(leftOf(left, 'b', null)).toEqual({ a: written });
  let many = {};
  for (let at = 0; at < 60; at++) many = leftOf(many, `c${at}`, written);
  expect([Object.keys(many).length, Object.keys(many)[0]]).toEqual([50, 'c10']);
});
