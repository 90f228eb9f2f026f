import { expect, it } from 'vitest';
import type { Conversation, Message } from '@/api/types';
import { foldPages, withSent } from './conversations';

const conversation = (id: string, changed_at: string): Conversation => ({
  id,
  kind: 'chat_conversation',
  title: id,
  settings: {},
  active_message_id: null,
  created_at: '1',
  changed_at,
});
const page = (next_cursor: string | null, ...items: Conversation[]) => ({ items, next_cursor });
const pages = {
  pages: [page('more', conversation('c', '3'), conversation('b', '2')), page(null, conversation('a', '1'))],
  pageParams: [null, 'more'],
};
const ids = (of: typeof pages) => of.pages.flatMap(({ items }) => items.map(({ id }) => id)).join('');

it('what has changed moves to the front of the list, and is in it once', () => {
  expect(ids(foldPages(pages, conversation('a', '4')))).toBe('acb');
  expect(ids(foldPages(pages, conversation('b', '2')))).toBe('cba');
  expect(ids(foldPages(pages, conversation('d', '0')))).toBe('cbad');
});

it('what was said is added, and what goes on takes its own place', () => {
  const message = (id: string, text: string): Message => ({
    id,
    parent_id: null,
    role: 'assistant',
    text,
    state: 'done',
    cut: false,
    error: null,
    generation_id: null,
    created_at: '1',
  });
  const whole = { conversation: conversation('c', '1'), messages: [message('a', 'A'), message('b', 'B')] };
  const sent = {
    conversation: conversation('c', '2'),
    messages: [message('b', 'B goes on'), message('d', 'D')],
    generation: {} as never,
  };
  const after = withSent(whole, sent);
  expect(after.messages.map(({ text }) => text)).toEqual(['A', 'B goes on', 'D']);
  expect(after.conversation.changed_at).toBe('2');
});
