import { useQueryClient } from '@tanstack/react-query';
import { ArrowDown, MessagesSquare, PanelLeft, Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Message } from '@/api/types';
import { Button, IconButton } from '@/components/button';
import { NoticeLine } from '@/components/notice_line';
import { Sheet } from '@/components/sheet';
import { Chips, EmptyState, Notice, PageHeader } from '@/components/states';
import { ToastSlot } from '@/components/toasts';
import { useDesktop, useKinds } from '@/lib/hooks';
import { newId } from '@/lib/ids';
import { chat as words } from '@/lib/messages/chat';
import { useStore } from '@/lib/store';
import { ConversationList } from './conversation_list';
import { draft } from './drafts';
import { MessageField } from './message_field';
import { MessageView, Pending } from './message_view';
import { dispatch, goneStore, say, sayAgain, type Outgoing } from './sending';
import { TakeOver } from './take_over';
import { alternativesOf } from './tree';
import { useAddress } from './use_address';
import { useChat } from './use_chat';
import { useStickToEnd } from './use_stick_to_end';

/** Messages in the page at first; older ones come when asked for. */
const shownMessages = 60;

export function ChatPage() {
  const cache = useQueryClient();
  const chat = useChat();
  const { place } = chat;
  useEffect(() => sayAgain(cache), [cache]);
  const desktop = useDesktop();
  const { kinds, loading } = useKinds();
  const kind = kinds.find((one) => one.name === 'chat_conversation');
  const [listOpen, setListOpen] = useState(false);
  const gone = useStore(goneStore);
  const lastId = chat.branch.at(-1)?.id ?? null;
  const goTo = useAddress();
  const show = (id: string | null) => {
    setListOpen(false);
    goTo(id);
  };
  const list = <ConversationList openId={chat.openId} onOpen={show} />;
  return (
    <div className="flex h-full min-h-0">
      <div className="flex min-w-0 flex-1 flex-col">
        <PageHeader title={words.title}>
          <div className="flex items-center gap-1">
            {!desktop && (
              <IconButton label={words.conversations} icon={PanelLeft} onClick={() => setListOpen(true)} />
            )}
            <Button icon={Plus} onClick={() => show(null)} disabled={chat.openId === null}>
              {words.newShort}
            </Button>
          </div>
        </PageHeader>
        <TakeOver />
        {gone && (
          <div className="mx-auto w-full max-w-190 px-3">
            <NoticeLine text={words.gone} onClose={() => goneStore.set(() => false)} />
          </div>
        )}
        <Log
          key={chat.openId ?? 'new'}
          chat={chat}
          onEdit={({ id, parent_id, text }) =>
            draft(place, { type: 'edit', messageId: id, parentId: parent_id, text })
          }
          onExample={(text) => say(cache, place, { key: newId(), text, parentId: null })}
        />
        <ToastSlot layer="page" />
        <div className="mx-auto w-full max-w-190 px-3 pb-3 lg:pb-5">
          {!loading && kind?.available !== true && (
            <Notice tone="warn" className="mb-2">
              {kind?.unavailable_reason ?? words.unavailable}
            </Notice>
          )}
          <MessageField
            place={place}
            lastId={lastId}
            disabled={kind?.available !== true || chat.loading}
            busy={chat.busy}
            fault={chat.fault}
            onAgain={chat.askAgain}
            onStop={chat.stop}
            onSend={(turn) => say(cache, place, turn)}
            onWrite={() => dispatch({ type: 'forgive', place })}
          />
          <p className="pt-1.5 text-center text-xs text-text-muted">{`${words.isAi} ${words.where}`}</p>
        </div>
      </div>
      {desktop ? (
        <section aria-label={words.conversations} className="w-72 overflow-y-auto border-l border-line p-3">
          <h2 className="px-2 py-2 text-sm font-semibold">{words.conversations}</h2>
          {list}
        </section>
      ) : (
        <Sheet open={listOpen} onOpenChange={setListOpen} title={words.conversations} about={words.where}>
          {list}
        </Sheet>
      )}
    </div>
  );
}

function Log(props: {
  chat: ReturnType<typeof useChat>;
  onEdit: (message: Message) => void;
  onExample: (text: string) => void;
}) {
  const { chat } = props;
  const { branch } = chat;
  const outgoing: Outgoing | null = chat.outgoing;
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const [shown, setShown] = useState(shownMessages);
  const end = useStickToEnd(scroller, `chat:${chat.openId ?? ''}`, outgoing !== null);
  if (chat.loading && outgoing === null) return <div className="min-h-0 flex-1" />;
  if (branch.length === 0 && outgoing === null) {
    return (
      <div className="min-h-0 flex-1 overflow-y-auto">
        <EmptyState icon={MessagesSquare} title={words.emptyTitle} text={words.emptyText}>
          <Chips choices={words.examples} onChoose={props.onExample} />
        </EmptyState>
      </div>
    );
  }
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div ref={setScroller} className="min-h-0 flex-1 overflow-y-auto px-4">
        <div className="mx-auto max-w-190">
          {branch.length > shown && (
            <div className="flex justify-center py-2">
              <Button onClick={() => setShown(shown + shownMessages)}>{words.earlier}</Button>
            </div>
          )}
          <ol aria-label={words.log} className="flex flex-col gap-5 py-4">
            {branch.slice(-shown).map((message) => (
              <MessageView
                key={message.id}
                message={message}
                alternatives={alternativesOf(chat.messages, message)}
                last={message === branch.at(-1)}
                busy={chat.busy}
                onChoose={chat.choose}
                onAgain={chat.again}
                onGoOn={chat.goOn}
                onEdit={props.onEdit}
              />
            ))}
            {outgoing && <Pending text={outgoing.text} silent={outgoing.silent} />}
          </ol>
        </div>
      </div>
      {!end.atEnd && (
        <div className="pointer-events-none absolute inset-x-0 bottom-2 flex justify-center">
          <IconButton
            label={words.toNewest}
            icon={ArrowDown}
            look="secondary"
            className="pointer-events-auto rounded-full shadow-raised"
            onClick={end.goToEnd}
          />
        </div>
      )}
    </div>
  );
}
