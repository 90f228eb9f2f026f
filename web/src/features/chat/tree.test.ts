import { expect, it } from 'vitest';
import type { Message } from '@/api/types';
import { aGeneration } from '@/lib/fixtures';
import { alternativesOf, answerIn, asOf, branchTo, broughtFrom } from './tree';

const message = (id: string, parent_id: string | null, change: Partial<Message> = {}): Message => ({
  id,
  parent_id,
  role: id.startsWith('q') ? 'user' : 'assistant',
  text: id,
  state: 'done',
  cut: false,
  error: null,
  generation_id: null,
  created_at: '2026-01-01T10:00:00Z',
  ...change,
});
const tree = [
  message('q1', null),
  message('a1', 'q1'),
  message('q2', 'a1'),
  message('a2', 'q2'),
  message('q3', 'a1'),
  message('a3', 'q3'),
];
const ids = (messages: readonly Message[]) => messages.map(({ id }) => id).join(' ');

it('a branch leads from the first message to its end', () => {
  expect(ids(branchTo(tree, 'a3'))).toBe('q1 a1 q3 a3');
  expect(ids(branchTo(tree, null))).toBe('');
});

it('alternatives have the same parent, and stay when another branch is shown', () => {
  expect(ids(alternativesOf(tree, message('q3', 'a1')))).toBe('q2 q3');
  expect(ids(alternativesOf(tree, message('q1', null)))).toBe('q1');
});

const writing = message('a4', 'q1', { state: 'writing', text: '', generation_id: 'g1' });

it('an answer follows its generation', () => {
  expect(asOf(writing, aGeneration({ state: 'running' }), 'Hel')).toMatchObject({
    state: 'writing',
    text: 'Hel',
  });
  const ended = aGeneration({ state: 'succeeded', text: 'Hello', cut: true });
  expect(asOf(writing, ended, 'Hel')).toMatchObject({ state: 'done', text: 'Hello', cut: true });
  expect(asOf(writing, aGeneration({ state: 'canceled' }), 'Hel')).toMatchObject({
    state: 'stopped',
    text: 'Hel',
  });
  const error = { code: 'refused' as const, detail: 'No.' };
  expect(asOf(writing, aGeneration({ state: 'failed', error }), '')).toMatchObject({
    state: 'failed',
    error,
  });
  expect(asOf(writing, aGeneration({ id: 'g2', state: 'failed' }), '')).toBe(writing);
});

it('what was asked for is found among what the studio has since', () => {
  const news = [...tree, message('q4', 'a1', { text: 'More?' }), message('a4', 'q4'), message('a5', 'q3')];
  expect(answerIn(news, tree, { text: 'More?', parent_id: 'a1' })?.id).toBe('a4');
  expect(answerIn(news, tree, { again: 'a3' })?.id).toBe('a5');
  const longer = tree.map((one) => (one.id === 'a3' ? { ...one, generation_id: 'g2' } : one));
  expect(answerIn(longer, tree, { continue: 'a3' })?.id).toBe('a3');
  expect(answerIn(tree, tree, { continue: 'a3' })).toBeUndefined();
});

it('one that could not go on keeps what it had', () => {
  const goesOn = { ...writing, text: 'Once upon' };
  const failed = asOf(goesOn, aGeneration({ state: 'failed' }), '');
  expect(failed).toMatchObject({ state: 'done', text: 'Once upon', cut: true });
});

it('what is brought back has its shape, and writes no more', () => {
  const conversation = {
    id: 'c',
    kind: 'chat_conversation' as const,
    title: 'Foxes',
    settings: {},
    active_message_id: 'a4',
    created_at: '',
    changed_at: '',
  };
  const brought = broughtFrom({ conversation, messages: [message('q1', null), writing] });
  expect(brought.messages).toEqual([
    { id: 'q1', parent_id: null, role: 'user', text: 'q1', state: 'done' },
    { id: 'a4', parent_id: 'q1', role: 'assistant', text: '', state: 'stopped' },
  ]);
});
