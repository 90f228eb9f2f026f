import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import * as z from 'zod/mini';
import { api, ProblemError } from '@/api/client';
import type { Generation } from '@/api/types';
import { announce } from '@/lib/announce';
import { applyToStudio } from '@/lib/asset_actions';
import { useStudio } from '@/lib/hooks';
import { newId } from '@/lib/ids';
import { chat as words } from '@/lib/messages/chat';
import { errorText } from '@/lib/messages/common';
import { readStored, writeStored } from '@/lib/storage';
import { Store, useStore } from '@/lib/store';
import { isOver, type Studio } from '@/lib/studio';
import { toast } from '@/lib/toasts';
import {
  conversationsSchema,
  noConversations,
  openConversation,
  reduceChat,
  wireMessages,
  type ChatAction,
  type Conversation,
  type Message,
} from './conversations';

const storageKey = 'ourvidz.conversations';

const readConversations = () =>
  readStored(storageKey, (raw) => z.parse(conversationsSchema, raw)) ?? noConversations;

const chatStore = new Store(readConversations());

// What another window has said since is not written over; which conversation is open is each window's own.
if (typeof window !== 'undefined') {
  window.addEventListener('storage', ({ key }) => {
    if (key === storageKey) chatStore.set(({ openId }) => ({ ...readConversations(), openId }));
  });
}

function dispatch(action: ChatAction): void {
  chatStore.set((state) => reduceChat(state, action));
  if (!writeStored(storageKey, chatStore.get())) toast(words.full, { tone: 'danger' });
}

const newMessage = (role: Message['role'], text: string): Message => ({
  id: newId(),
  role,
  text,
  generationId: null,
  state: role === 'assistant' ? 'writing' : 'done',
  why: null,
});

/** The words of an answer that is being written, straight from the event stream. */
export function useLiveAnswer(message: Message): { text: string; generation: Generation | null } {
  const id = message.generationId ?? '';
  const select = useCallback(
    (studio: Studio) => ({
      generation: studio.generations[id] ?? null,
      text: studio.answers[id]?.text ?? '',
    }),
    [id],
  );
  const live = useStudio(select);
  return { text: live?.text ?? '', generation: live?.generation ?? null };
}

function ending(generation: Generation, streamed: string): Partial<Message> {
  const text = generation.text ?? streamed;
  if (generation.state === 'succeeded') return { state: 'done', text };
  if (generation.state === 'canceled') return { state: 'stopped', text };
  return { state: 'failed', text, why: generation.error?.detail ?? '' };
}

/** Writes the finished answer into the conversation, also when it finished while the page was away. */
export function useSettle(conversationId: string, message: Message): void {
  const { text, generation } = useLiveAnswer(message);
  const { id, generationId, state } = message;
  useEffect(() => {
    if (state !== 'writing' || !generation || !isOver(generation)) return;
    const change = ending(generation, text);
    dispatch({ type: 'answer', conversationId, messageId: id, change });
    if (change.state === 'done') announce(change.text ?? '');
  }, [conversationId, generation, id, state, text]);
  const cache = useQueryClient();
  const known = generation !== null;
  useEffect(() => {
    if (state !== 'writing' || generationId === null || known) return;
    const lost = (error: unknown) => {
      if (!(error instanceof ProblemError)) return;
      const change: Partial<Message> = { state: 'failed', why: errorText(error) };
      dispatch({ type: 'answer', conversationId, messageId: id, change });
    };
    api
      .generation(generationId)
      .then((found) => applyToStudio(cache, { type: 'answered', generation: found }))
      .catch(lost);
  }, [cache, conversationId, generationId, id, known, state]);
}

export function useChat() {
  const cache = useQueryClient();
  const state = useStore(chatStore);
  const conversation = openConversation(state);

  const run = useCallback(
    async (conversationId: string, question: Message | null, replaceFrom: string | null) => {
      const answer = newMessage('assistant', '');
      dispatch({ type: 'ask', conversationId, question, answer, replaceFrom, at: Date.now() });
      const messages = wireMessages(openConversation(chatStore.get())?.messages ?? []);
      try {
        const generation = await api.create({ kind: 'chat_conversation', messages }, newId());
        const change = { generationId: generation.id };
        dispatch({ type: 'answer', conversationId, messageId: answer.id, change });
        applyToStudio(cache, { type: 'answered', generation });
      } catch (error) {
        const change: Partial<Message> = { state: 'failed', why: errorText(error) };
        dispatch({ type: 'answer', conversationId, messageId: answer.id, change });
      }
    },
    [cache],
  );

  const remove = (one: Conversation) => {
    dispatch({ type: 'remove', id: one.id });
    toast(words.removed, {
      action: { label: words.undo, run: () => dispatch({ type: 'putBack', conversation: one }) },
    });
  };
  return {
    conversations: state.conversations,
    conversation,
    open: (id: string | null) => dispatch({ type: 'open', id }),
    remove,
    /** With `replaceFrom`, the message of that id and all after it make room for this one. */
    send: (text: string, replaceFrom: string | null = null) =>
      void run(conversation?.id ?? newId(), newMessage('user', text), replaceFrom),
    regenerate: (message: Message) => {
      if (conversation) void run(conversation.id, null, message.id);
    },
    stop: (message: Message) => {
      if (message.generationId === null) return;
      api
        .cancel(message.generationId)
        .then((generation) => applyToStudio(cache, { type: 'answered', generation }))
        .catch((error: unknown) => toast(errorText(error), { tone: 'danger' }));
    },
  };
}
