import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { api, ProblemError } from '@/api/client';
import type { Conversation, Generation, Message, WholeConversation } from '@/api/types';
import { announce } from '@/lib/announce';
import { dropConversation, foldConversation, keepWhole } from '@/lib/conversations';
import { useStudio } from '@/lib/hooks';
import { newId } from '@/lib/ids';
import { chat as words } from '@/lib/messages/chat';
import { errorText } from '@/lib/messages/common';
import { brief, patiently } from '@/lib/patience';
import { queryKeys } from '@/lib/query_keys';
import { useStore } from '@/lib/store';
import type { Studio } from '@/lib/studio';
import { toast } from '@/lib/toasts';
import { draft, draftStore, hasArrived, newPlace, noDraft } from './drafts';
import { ask, cancel, dispatch, goneStore, open, openStore, sendingStore, type Outgoing } from './sending';
import { asOf, branchTo, broughtFrom } from './tree';

const noMessages: readonly Message[] = [];
const complain = (error: unknown) => toast(errorText(error), { tone: 'danger' });

function useGeneration(id: string | null): Generation | null {
  const select = useCallback((studio: Studio) => studio.generations[id ?? ''] ?? null, [id]);
  return useStudio(select);
}

/** An answer with the words that come in. */
export function useLiveAnswer(message: Message): Message {
  const id = message.generation_id;
  const generation = useGeneration(id);
  const select = useCallback((studio: Studio) => studio.answers[id ?? '']?.text ?? '', [id]);
  return asOf(message, generation, useStudio(select) ?? '');
}

async function readWhole(id: string): Promise<WholeConversation | null> {
  try {
    return await api.conversation(id);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'not_found') return null;
    throw error;
  }
}

function useConversation(id: string | null): { whole: WholeConversation | null; loading: boolean } {
  const { data } = useQuery({
    queryKey: queryKeys.conversation(id ?? ''),
    queryFn: () => readWhole(id ?? ''),
    enabled: id !== null,
    staleTime: Infinity,
  });
  // Removed, on another device or in another window: here it is left before that.
  useEffect(() => {
    if (id === null || data !== null) return;
    open(null);
    goneStore.set(() => true);
    announce(words.gone);
  }, [data, id]);
  return { whole: data ?? null, loading: id !== null && data === undefined };
}

export function useConversationList() {
  const list = useInfiniteQuery({
    queryKey: queryKeys.conversations,
    queryFn: ({ pageParam }) => api.conversations({ cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: Infinity,
  });
  return {
    conversations: list.data?.pages.flatMap((page) => page.items) ?? [],
    more: list.hasNextPage ? () => void list.fetchNextPage() : null,
  };
}

/** What is shown: the branch, or what of it stands before that which is on its way. */
function shownBranch(whole: WholeConversation | null, outgoing: Outgoing | null): Message[] {
  const id = outgoing ? outgoing.parentId : (whole?.conversation.active_message_id ?? null);
  return branchTo(whole?.messages ?? noMessages, id);
}

export function useChat() {
  const cache = useQueryClient();
  const openId = useStore(openStore);
  const place = openId ?? newPlace;
  const { whole, loading } = useConversation(openId);
  const sending = useStore(sendingStore);
  const outgoing = sending.outgoing[place] ?? null;
  const branch = shownBranch(whole, outgoing);
  const last = branch.at(-1) ?? null;
  const generation = useGeneration(last?.generation_id ?? null);
  const writing = last !== null && asOf(last, generation, '').state === 'writing' ? last : null;

  const unsure = useStore(draftStore)[place] ?? noDraft;
  const arrived = whole !== null && hasArrived(unsure, whole.messages);
  useEffect(() => {
    if (arrived) draft(place, { type: 'found' });
  }, [arrived, place]);

  const choose = (message: Message) => {
    if (!whole) return;
    const { id } = whole.conversation;
    patiently(() => api.changeConversation(id, { active_message_id: message.id }), brief)
      .then((conversation) => foldConversation(cache, conversation))
      .catch(complain);
  };
  return {
    place,
    openId,
    loading,
    messages: whole?.messages ?? noMessages,
    branch,
    outgoing,
    busy: outgoing !== null || writing !== null,
    fault: sending.faults[place] ?? null,
    choose,
    again: (answer: Message) =>
      ask(cache, place, { again: answer.id }, { key: newId(), parentId: answer.parent_id }),
    goOn: (answer: Message) =>
      ask(cache, place, { continue: answer.id }, { key: newId(), parentId: answer.id }),
    stop: () => {
      if (outgoing) dispatch({ type: 'stop', place });
      else if (writing?.generation_id) cancel(cache, writing.generation_id);
    },
  };
}

/** One that is gone is removed, perhaps by a request whose answer was lost. */
async function removeOne(id: string): Promise<void> {
  try {
    await api.removeConversation(id);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'not_found') throw error;
  }
}

/** What can be done to one of the list. */
export function useListActions() {
  const cache = useQueryClient();
  const putBack = async (whole: WholeConversation) => {
    const key = newId();
    const back = await patiently(() => api.createConversation(broughtFrom(whole), key));
    keepWhole(cache, back);
    open(back.conversation.id);
  };
  const remove = async (conversation: Conversation) => {
    const whole = await api.conversation(conversation.id);
    await patiently(() => removeOne(conversation.id), brief);
    if (openStore.get() === conversation.id) open(null);
    dropConversation(cache, conversation.id);
    toast(words.removed, {
      action: { label: words.undo, run: () => void putBack(whole).catch(complain) },
    });
  };
  return {
    remove: (conversation: Conversation) => void remove(conversation).catch(complain),
    /** Says whether it has the title now. */
    rename: async ({ id }: Conversation, title: string): Promise<boolean> => {
      try {
        foldConversation(cache, await patiently(() => api.changeConversation(id, { title }), brief));
        return true;
      } catch (error) {
        complain(error);
        return false;
      }
    },
  };
}
