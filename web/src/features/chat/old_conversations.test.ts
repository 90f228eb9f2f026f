import { expect, it } from 'vitest';
import { broughtFromOld, cutToBytes, type OldConversation } from './old_conversations';

const old = (
  ...messages: [id: string, text: string, state?: OldConversation['messages'][number]['state']][]
) => ({
  id: 'c',
  changedAt: 1,
  messages: messages.map(([id, text, state]) => ({
    id,
    role: id.startsWith('q') ? ('user' as const) : ('assistant' as const),
    text,
    state: state ?? ('done' as const),
  })),
});

it('what was said follows what was said before', () => {
  expect(
    broughtFromOld(old(['q1', 'Hi'], ['a1', 'Hello'], ['q2', 'And?'], ['a2', 'We', 'writing'])).messages,
  ).toEqual([
    { id: 'q1', parent_id: null, role: 'user', text: 'Hi' },
    { id: 'a1', parent_id: 'q1', role: 'assistant', text: 'Hello', state: 'done' },
    { id: 'q2', parent_id: 'a1', role: 'user', text: 'And?' },
    { id: 'a2', parent_id: 'q2', role: 'assistant', text: 'We', state: 'stopped' },
  ]);
});

it('a question that never got an answer comes along, and can be asked again', () => {
  const brought = broughtFromOld(
    old(['q1', 'No'], ['a1', '', 'failed'], ['q2', 'Well?'], ['q3', 'Hi'], ['a3', 'Hello'], ['q4', 'Eh?']),
  );
  expect(brought.messages?.map(({ id, parent_id, text, state }) => [id, parent_id, text, state])).toEqual([
    ['q1', null, 'No', undefined],
    ['a1', 'q1', '', 'failed'],
    ['q2', 'a1', 'Well?', undefined],
    ['no-answer-q2', 'q2', '', 'failed'],
    ['q3', 'no-answer-q2', 'Hi', undefined],
    ['a3', 'q3', 'Hello', 'done'],
    ['q4', 'a3', 'Eh?', undefined],
    ['no-answer-q4', 'q4', '', 'failed'],
  ]);
});

it('an answer without a question, and a question without a word, stay behind', () => {
  expect(broughtFromOld(old(['a0', 'Hello'], ['q1', ' '], ['a1', 'What?'])).messages).toEqual([]);
});

it('texts are as the studio takes them', () => {
  const [question, answer] =
    broughtFromOld(old(['q1', 'a\r\nb\u0000'], ['a1', 'ü'.repeat(40_000)])).messages ?? [];
  expect(question?.text).toBe('a\nb');
  expect(new TextEncoder().encode(answer?.text).length).toBe(32_768);
});

it('cuts by bytes, never inside a letter', () => {
  expect(cutToBytes('abc', 10)).toBe('abc');
  expect(cutToBytes('aüü', 4)).toBe('aü');
});
