import type {
  BroughtMessage,
  Generation,
  Message,
  NewConversation,
  NewMessage,
  WholeConversation,
} from '@/api/types';
import { isOver } from '@/lib/studio';

/** From the first message to this one. */
export function branchTo(messages: readonly Message[], id: string | null): Message[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const branch: Message[] = [];
  let next = id === null ? undefined : byId.get(id);
  while (next && branch.length < messages.length) {
    branch.unshift(next);
    next = next.parent_id === null ? undefined : byId.get(next.parent_id);
  }
  return branch;
}

/** Those that stand in the same place, itself among them, in the order in which they came. */
export function alternativesOf(messages: readonly Message[], message: Message): Message[] {
  return messages.filter((one) => one.parent_id === message.parent_id);
}

/** The answer that has come of what was sent, if it is there: one to these words that was not known before. */
export function answerIn(
  messages: readonly Message[],
  known: readonly Message[],
  { text, parent_id: parentId, again, continue: goesOn }: NewMessage,
): Message | undefined {
  if (typeof goesOn === 'string') {
    // The same answer, which another generation adds to.
    const old = known.find(({ id }) => id === goesOn);
    return messages.find((one) => one.id === goesOn && one.generation_id !== old?.generation_id);
  }
  const before = new Set(known.map(({ id }) => id));
  const news = messages.filter(({ id }) => !before.has(id));
  const answers = news.filter(({ role }) => role === 'assistant');
  if (typeof again === 'string') {
    const old = known.find(({ id }) => id === again);
    return old && answers.find(({ parent_id: id }) => id === old.parent_id);
  }
  if (typeof text !== 'string') return undefined;
  const question = news.find(
    (one) => one.role === 'user' && one.text === text && one.parent_id === (parentId ?? null),
  );
  return question && answers.find(({ parent_id: id }) => id === question.id);
}

/**
 * An answer as its generation has it now: the event stream tells of that at every word, and of the conversation only when
 * something is said.
 */
export function asOf(message: Message, generation: Generation | null, streamed: string): Message {
  if (message.state !== 'writing' || generation?.id !== message.generation_id) return message;
  if (!isOver(generation)) return streamed === '' ? message : { ...message, text: streamed };
  const text = generation.text ?? (streamed === '' ? message.text : streamed);
  if (generation.state === 'succeeded') return { ...message, state: 'done', text, cut: generation.cut };
  if (generation.state === 'canceled') return { ...message, state: 'stopped', text };
  // One that could not go on is what it was before.
  const before = message.text !== '';
  return {
    ...message,
    text,
    error: generation.error ?? null,
    state: before ? 'done' : 'failed',
    cut: before,
  };
}

/** As it is brought into a studio, for example back into this one. */
export function broughtFrom({ conversation, messages }: WholeConversation): NewConversation {
  return {
    kind: conversation.kind,
    title: conversation.title,
    settings: conversation.settings,
    active_message_id: conversation.active_message_id,
    messages: messages.map(({ id, parent_id, role, text, state }): BroughtMessage => ({
      id,
      parent_id,
      role,
      text,
      state: state === 'writing' ? 'stopped' : state,
    })),
  };
}
