import { expect, it } from 'vitest';
import {
  cutToBytes,
  messagesMax,
  noConversations,
  openConversation,
  reduceChat,
  wireMessages,
  type Conversations,
  type Message,
} from './conversations';

const question = (id: string, text = id): Message => ({
  id,
  role: 'user',
  text,
  generationId: null,
  state: 'done',
  why: null,
});
const answer = (id: string, change: Partial<Message> = {}): Message => ({
  ...question(id),
  role: 'assistant',
  text: '',
  state: 'writing',
  ...change,
});

const ask = (
  state: Conversations,
  q: Message | null,
  a: Message,
  replaceFrom: string | null = null,
  at = 1,
) => reduceChat(state, { type: 'ask', conversationId: 'c', question: q, answer: a, replaceFrom, at });

const ids = (state: Conversations) =>
  openConversation(state)
    ?.messages.map((message) => message.id)
    .join(' ');

it('a first question opens a conversation', () => {
  const state = ask(noConversations, question('q1'), answer('a1'));
  expect(state.openId).toBe('c');
  expect(ids(state)).toBe('q1 a1');
});

it('an answer is written into its place', () => {
  const state = reduceChat(ask(noConversations, question('q1'), answer('a1')), {
    type: 'answer',
    conversationId: 'c',
    messageId: 'a1',
    change: { text: 'hello', state: 'done' },
  });
  expect(openConversation(state)?.messages[1]).toMatchObject({ text: 'hello', state: 'done' });
});

it('answering again replaces the answer; editing replaces the question and all after it', () => {
  let state = ask(ask(noConversations, question('q1'), answer('a1')), question('q2'), answer('a2'));
  expect(ids(ask(state, null, answer('a3'), 'a2'))).toBe('q1 a1 q2 a3');
  state = ask(state, question('q4'), answer('a4'), 'q1');
  expect(ids(state)).toBe('q4 a4');
});

it('a removed conversation can be put back', () => {
  const state = ask(noConversations, question('q1'), answer('a1'));
  const [conversation] = state.conversations;
  if (!conversation) throw new Error('no conversation');
  const removed = reduceChat(state, { type: 'remove', id: 'c' });
  expect(removed).toEqual(noConversations);
  expect(reduceChat(removed, { type: 'putBack', conversation })).toEqual(state);
});

it('keeps a limited number of messages, the newest', () => {
  let state = noConversations;
  for (let n = 0; n < messagesMax; n++) state = ask(state, question(`q${n}`), answer(`a${n}`));
  const messages = openConversation(state)?.messages ?? [];
  expect(messages).toHaveLength(messagesMax);
  expect(messages.at(-1)?.id).toBe(`a${messagesMax - 1}`);
});

it('the model reads what was said, not what is being written or is empty', () => {
  const messages = [
    question('q1', 'hi'),
    answer('a1', { text: 'hello', state: 'stopped' }),
    question('q2', 'more'),
    answer('a2', { text: 'hal' }),
  ];
  expect(wireMessages(messages)).toEqual([
    { role: 'user', text: 'hi' },
    { role: 'assistant', text: 'hello' },
    { role: 'user', text: 'more' },
  ]);
});

it('what was refused or has failed is not sent again, question and answer', () => {
  const messages = [
    question('q1', 'refused'),
    answer('a1', { state: 'failed', why: 'no' }),
    question('q2', 'broken off'),
    answer('a2', { state: 'failed', text: 'half an' }),
    question('q3', 'hello'),
    answer('a3'),
  ];
  expect(wireMessages(messages)).toEqual([{ role: 'user', text: 'hello' }]);
});

it('a question that is answered again is sent, whatever became of its answer before', () => {
  const state = ask(noConversations, question('q1'), answer('a1', { state: 'failed' }));
  const again = ask(state, null, answer('a2'), 'a1');
  expect(wireMessages(openConversation(again)?.messages ?? [])).toEqual([{ role: 'user', text: 'q1' }]);
});

it('cuts by bytes, never inside a letter', () => {
  expect(cutToBytes('abc', 10)).toBe('abc');
  expect(cutToBytes('aüü', 4)).toBe('aü');
});
