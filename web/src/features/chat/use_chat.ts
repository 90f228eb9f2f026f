import { useInfiniteQuery, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { api, ProblemError } from '@/api/client';
import type { Conversation, Generation, Message, WholeConversation } from '@/api/types';
import { announce } from '@/lib/announce';
import { stopAnswer } from '@/lib/cancel';
import { dropConversation, foldConversation, keepWhole, listed } from '@/lib/conversations';
import { run } from '@/lib/errands';
import { useStudio } from '@/lib/hooks';
import { newId } from '@/lib/ids';
import { chat as words } from '@/lib/messages/chat';
import { errands } from '@/lib/messages/errands';
import { queryKeys } from '@/lib/query_keys';
import { useStore } from '@/lib/store';
import type { Studio } from '@/lib/studio';
import { toast } from '@/lib/toasts';
import { draft, draftStore, hasArrived, newPlace, noDraft } from './drafts';
import { ask, dispatch, goneStore, open, openStore, sendingStore, type Outgoing } from './sending';
import { asOf, branchTo, broughtFrom } from './tree';

const noMessages: readonly Message[] = [];

/** The conversation as the list has it now, where that fits. */
const seen = (cache: QueryClient, id: string, fits: (now: Conversation) => boolean) => ({
  queryKey: queryKeys.conversations,
  look: () => {
    const now = listed(cache, id);
    return now && fits(now) ? now : undefined;
  },
});

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

/** Whether an answer has not been begun, because others come before it. */
export function useWaits({ generation_id: id }: Message): boolean {
  return useGeneration(id)?.state === 'queued';
}

async function readWhole(id: string): Promise<WholeConversation | null> {
  try {
    return await api.conversation(id);
  } catch (error) {
    // An id out of an address may be anything.
    if (error instanceof ProblemError && ['not_found', 'invalid_field'].includes(error.problem.code))
      return null;
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
  const drafts = useStore(draftStore);
  const openId = useStore(openStore);
  return {
    // One in which nothing has been said is nobody's, unless something is being said.
    conversations: (list.data?.pages.flatMap((page) => page.items) ?? []).filter(
      ({ id, active_message_id: last }) => last !== null || id === openId || drafts[id] !== undefined,
    ),
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

  const written = useStore(draftStore)[place] ?? noDraft;
  const arrived = whole !== null && hasArrived(written, whole.messages);
  useEffect(() => {
    if (arrived) draft(place, { type: 'found' });
  }, [arrived, place]);

  const choose = (message: Message) => {
    if (!whole) return;
    const { id } = whole.conversation;
    void run(cache, {
      about: `${id}:version`,
      what: errands.chooseVersion,
      ask: () => api.changeConversation(id, { active_message_id: message.id }),
      seen: seen(cache, id, (now) => now.active_message_id === message.id),
      onDone: (conversation) => foldConversation(cache, conversation),
    });
  };
  const fault = sending.faults[place] ?? null;
  const unsure = fault?.unsure ?? null;
  return {
    place,
    openId,
    loading,
    messages: whole?.messages ?? noMessages,
    branch,
    outgoing,
    busy: outgoing !== null || writing !== null,
    fault: fault?.text ?? null,
    askAgain: unsure && (() => ask(cache, place, unsure.asked, unsure.parentId)),
    choose,
    again: (answer: Message) => ask(cache, place, { again: answer.id }, answer.parent_id),
    goOn: (answer: Message) => ask(cache, place, { continue: answer.id }, answer.id),
    stop: () => {
      if (outgoing) dispatch({ type: 'stop', place });
      else if (writing?.generation_id) stopAnswer(cache, writing.generation_id);
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

const nameOf = ({ title }: Conversation): string => errands.quoted(title, errands.untitled);

/** What can be done to one of the list. */
export function useListActions() {
  const cache = useQueryClient();
  const putBack = (whole: WholeConversation) => {
    const key = newId();
    void run(cache, {
      about: whole.conversation.id,
      what: errands.putBackConversation(nameOf(whole.conversation)),
      ask: () => api.createConversation(broughtFrom(whole), key),
      onDone: (back) => {
        keepWhole(cache, back);
        open(back.conversation.id);
      },
    });
  };
  const remove = (conversation: Conversation) => {
    const { id } = conversation;
    /** As it was, to be put back. */
    let whole: WholeConversation | null = null;
    const isGone = () => cache.getQueryData(queryKeys.conversation(id)) === null;
    void run(cache, {
      about: id,
      what: errands.removeConversation(nameOf(conversation)),
      ask: async () => {
        whole ??= await api.conversation(id);
        await removeOne(id);
        return whole;
      },
      seen: { queryKey: queryKeys.conversation(id), look: () => (isGone() && whole) || undefined },
      onDone: (removed) => {
        if (openStore.get() === id) open(null);
        dropConversation(cache, id);
        toast(words.removed, { action: { label: words.undo, run: () => putBack(removed) } });
      },
    });
  };
  return {
    remove,
    /** `onDone`: it has the title now. */
    rename: (conversation: Conversation, title: string, onDone: () => void): Promise<boolean> =>
      run(cache, {
        about: `${conversation.id}:title`,
        what: errands.rename(errands.quoted(title, '')),
        ask: () => api.changeConversation(conversation.id, { title }),
        seen: seen(cache, conversation.id, (now) => now.title === title),
        onDone: (changed) => {
          foldConversation(cache, changed);
          onDone();
        },
      }),
  };
}
