import * as z from 'zod/mini';
import type { ChatMessage } from '@/api/types';

/** How many messages of a conversation are kept and sent; the oldest go first. */
export const messagesMax = 199;
const conversationsMax = 50;
export const messageBytesMax = 4096;

const messageSchema = z.object({
  id: z.string(),
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  /** The generation that writes it; only for answers. */
  generationId: z.nullable(z.string()),
  state: z.enum(['done', 'writing', 'stopped', 'failed']),
  /** Why there is no answer. */
  why: z.nullable(z.string()),
});

const conversationSchema = z.object({
  id: z.string(),
  changedAt: z.number(),
  messages: z.array(messageSchema),
});

export const conversationsSchema = z.object({
  conversations: z.array(conversationSchema),
  openId: z.nullable(z.string()),
});

export type Message = z.infer<typeof messageSchema>;
export type Conversation = z.infer<typeof conversationSchema>;
export type Conversations = z.infer<typeof conversationsSchema>;

export type ChatAction =
  | { type: 'open'; id: string | null }
  | { type: 'remove'; id: string }
  | { type: 'putBack'; conversation: Conversation }
  /** A question and the place of its answer; from `replaceFrom` on, what stood there is dropped. */
  | {
      type: 'ask';
      conversationId: string;
      question: Message | null;
      answer: Message;
      replaceFrom: string | null;
      at: number;
    }
  | { type: 'answer'; conversationId: string; messageId: string; change: Partial<Message> };

export const noConversations: Conversations = { conversations: [], openId: null };

export function openConversation(state: Conversations): Conversation | null {
  return state.conversations.find((one) => one.id === state.openId) ?? null;
}

function ask(state: Conversations, action: Extract<ChatAction, { type: 'ask' }>): Conversations {
  const known = state.conversations.find((one) => one.id === action.conversationId);
  const before = known?.messages ?? [];
  const cut = action.replaceFrom === null ? -1 : before.findIndex((one) => one.id === action.replaceFrom);
  const kept = cut < 0 ? before : before.slice(0, cut);
  const added = action.question === null ? [action.answer] : [action.question, action.answer];
  const conversation: Conversation = {
    id: action.conversationId,
    changedAt: action.at,
    messages: [...kept, ...added].slice(-messagesMax),
  };
  const others = state.conversations.filter((one) => one.id !== action.conversationId);
  return {
    conversations: [conversation, ...others].slice(0, conversationsMax),
    openId: action.conversationId,
  };
}

export function reduceChat(state: Conversations, action: ChatAction): Conversations {
  switch (action.type) {
    case 'open':
      return { ...state, openId: action.id };
    case 'remove':
      return {
        conversations: state.conversations.filter((one) => one.id !== action.id),
        openId: state.openId === action.id ? null : state.openId,
      };
    case 'putBack':
      return {
        conversations: [...state.conversations, action.conversation].sort(
          (a, b) => b.changedAt - a.changedAt,
        ),
        openId: action.conversation.id,
      };
    case 'ask':
      return ask(state, action);
    case 'answer':
      return {
        ...state,
        conversations: state.conversations.map((one) =>
          one.id === action.conversationId
            ? {
                ...one,
                messages: one.messages.map((message) =>
                  message.id === action.messageId ? { ...message, ...action.change } : message,
                ),
              }
            : one,
        ),
      };
  }
}

/**
 * What the model reads: everything that was really said, oldest first. A question that was refused, or whose answer has failed,
 * is left out together with that answer: sent again it would be refused again, and every later one with it.
 */
export function wireMessages(messages: readonly Message[]): ChatMessage[] {
  const isSpoiled = (message: Message | undefined) => message?.state === 'failed';
  return messages
    .filter((message, at) => !isSpoiled(message) && !(message.role === 'user' && isSpoiled(messages[at + 1])))
    .filter((message) => message.text.trim() !== '' && message.state !== 'writing')
    .map((message) => ({ role: message.role, text: cutToBytes(message.text, messageBytesMax) }))
    .slice(-messagesMax);
}

/** The longest beginning that fits; never half a letter. */
export function cutToBytes(text: string, bytesMax: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= bytesMax) return text;
  return new TextDecoder().decode(bytes.subarray(0, bytesMax)).replace(/\uFFFD+$/u, '');
}
