import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Conversation, ConversationPage, SentMessage, WholeConversation } from '@/api/types';
import { queryKeys } from './query_keys';

type ConversationPages = InfiniteData<ConversationPage, string | null>;

/** The list after one has changed: that one stands at its place by time, and nowhere else. */
export function foldPages(pages: ConversationPages, changed: Conversation): ConversationPages {
  const without = dropFromPages(pages, changed.id);
  for (const [index, page] of without.pages.entries()) {
    let at = page.items.findIndex((one) => one.changed_at <= changed.changed_at);
    if (at < 0 && page.next_cursor === null) at = page.items.length;
    if (at < 0) continue;
    const items = page.items.toSpliced(at, 0, changed);
    return { ...without, pages: without.pages.with(index, { ...page, items }) };
  }
  return without;
}

function dropFromPages(pages: ConversationPages, id: string): ConversationPages {
  return {
    ...pages,
    pages: pages.pages.map((page) => ({ ...page, items: page.items.filter((one) => one.id !== id) })),
  };
}

function inList(cache: QueryClient, change: (pages: ConversationPages) => ConversationPages): void {
  cache.setQueryData<ConversationPages>(queryKeys.conversations, (pages) => (pages ? change(pages) : pages));
}

/** One of the list, as far as that is here. */
export const listed = (cache: QueryClient, id: string): Conversation | undefined =>
  cache
    .getQueryData<ConversationPages>(queryKeys.conversations)
    ?.pages.flatMap(({ items }) => items)
    .find((one) => one.id === id);

/** Another device may have said something in it: its messages are read again where they are shown. */
export function foldConversation(cache: QueryClient, conversation: Conversation): void {
  inList(cache, (pages) => foldPages(pages, conversation));
  const key = queryKeys.conversation(conversation.id);
  cache.setQueryData<WholeConversation | null>(key, (whole) => (whole ? { ...whole, conversation } : whole));
  void cache.invalidateQueries({ queryKey: key });
}

export function dropConversation(cache: QueryClient, id: string): void {
  inList(cache, (pages) => dropFromPages(pages, id));
  cache.setQueryData(queryKeys.conversation(id), null);
}

/** A whole one as the server has just answered with it. */
export function keepWhole(cache: QueryClient, whole: WholeConversation): void {
  inList(cache, (pages) => foldPages(pages, whole.conversation));
  cache.setQueryData<WholeConversation | null>(queryKeys.conversation(whole.conversation.id), whole);
}

/** What was said last, at once and without reading all of it again. */
export function keepSent(cache: QueryClient, sent: SentMessage): void {
  const { conversation } = sent;
  inList(cache, (pages) => foldPages(pages, conversation));
  const key = queryKeys.conversation(conversation.id);
  // One that is being read is older than this.
  void cache.cancelQueries({ queryKey: key });
  cache.setQueryData<WholeConversation | null>(key, (whole) => (whole ? withSent(whole, sent) : whole));
}

export function withSent(whole: WholeConversation, sent: SentMessage): WholeConversation {
  const news = new Map(sent.messages.map((message) => [message.id, message]));
  const known = new Set(whole.messages.map(({ id }) => id));
  return {
    conversation: sent.conversation,
    messages: [
      ...whole.messages.map((message) => news.get(message.id) ?? message),
      ...sent.messages.filter(({ id }) => !known.has(id)),
    ],
  };
}

export function readConversationsAgain(cache: QueryClient): void {
  void cache.invalidateQueries({ queryKey: queryKeys.conversations });
  void cache.invalidateQueries({ queryKey: ['conversation'] });
}
