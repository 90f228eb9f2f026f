import { ArrowUp, MessagesSquare, PanelLeft, Plus, Square, Trash2 } from 'lucide-react';
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { IconButton } from '@/components/button';
import { Sheet } from '@/components/sheet';
import { Chips, EmptyState, Notice, PageHeader } from '@/components/states';
import { Button } from '@/components/button';
import { ToastSlot } from '@/components/toasts';
import { cx } from '@/lib/class_names';
import { utf8Length } from '@/lib/format';
import { useDesktop, useKinds, useMediaQuery } from '@/lib/hooks';
import { meaningOfEnter } from '@/lib/keys';
import { chat as words } from '@/lib/messages/chat';
import { scrollMemory } from '@/lib/scroll_memory';
import { messageBytesMax, type Conversation, type Message } from './conversations';
import { MessageView } from './message_view';
import { useChat } from './use_chat';

/** Messages in the page at first; older ones come when asked for. */
const shownMessages = 60;

export function ChatPage() {
  const chat = useChat();
  const desktop = useDesktop();
  const { kinds, loading } = useKinds();
  const kind = kinds.find((one) => one.name === 'chat_conversation');
  const [listOpen, setListOpen] = useState(false);
  const [editing, setEditing] = useState<Message | null>(null);
  const writing = chat.conversation?.messages.find((message) => message.state === 'writing') ?? null;
  const start = () => {
    chat.open(null);
    setListOpen(false);
  };
  const list = (
    <ConversationList
      conversations={chat.conversations}
      openId={chat.conversation?.id ?? null}
      onOpen={(id) => {
        chat.open(id);
        setListOpen(false);
      }}
      onRemove={chat.remove}
    />
  );
  return (
    <div className="flex h-full min-h-0">
      <div className="flex min-w-0 flex-1 flex-col">
        <PageHeader title={words.title}>
          <div className="flex items-center gap-1">
            {!desktop && (
              <IconButton label={words.conversations} icon={PanelLeft} onClick={() => setListOpen(true)} />
            )}
            <Button icon={Plus} onClick={start} disabled={chat.conversation === null}>
              {words.newShort}
            </Button>
          </div>
        </PageHeader>
        <Log
          key={chat.conversation?.id ?? 'new'}
          conversation={chat.conversation}
          busy={writing !== null}
          onRegenerate={chat.regenerate}
          onEdit={setEditing}
          onExample={chat.send}
        />
        <ToastSlot layer="page" />
        <div className="mx-auto w-full max-w-190 px-3 pb-3 lg:pb-5">
          {!loading && kind?.available !== true && (
            <Notice tone="warn" className="mb-2">
              {kind?.unavailable_reason ?? words.unavailable}
            </Notice>
          )}
          <MessageField
            key={editing?.id ?? 'new'}
            editing={editing}
            disabled={kind?.available !== true}
            writing={writing}
            onStop={chat.stop}
            onSend={(text) => {
              chat.send(text, editing?.id ?? null);
              setEditing(null);
            }}
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
  conversation: Conversation | null;
  busy: boolean;
  onRegenerate: (message: Message) => void;
  onEdit: (message: Message) => void;
  onExample: (text: string) => void;
}) {
  const { conversation } = props;
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const [shown, setShown] = useState(shownMessages);
  useStickToEnd(scroller, `chat:${conversation?.id ?? ''}`);
  if (!conversation || conversation.messages.length === 0) {
    return (
      <div className="min-h-0 flex-1 overflow-y-auto">
        <EmptyState icon={MessagesSquare} title={words.emptyTitle} text={words.emptyText}>
          <Chips choices={words.examples} onChoose={props.onExample} />
        </EmptyState>
      </div>
    );
  }
  const { messages } = conversation;
  return (
    <div ref={setScroller} className="min-h-0 flex-1 overflow-y-auto px-4">
      <div className="mx-auto max-w-190">
        {messages.length > shown && (
          <div className="flex justify-center py-2">
            <Button onClick={() => setShown(shown + shownMessages)}>{words.earlier}</Button>
          </div>
        )}
        <ol aria-label={words.log} className="flex flex-col gap-5 py-4">
          {messages.slice(-shown).map((message, index, all) => (
            <MessageView
              key={message.id}
              conversationId={conversation.id}
              message={message}
              last={index === all.length - 1}
              busy={props.busy}
              onRegenerate={props.onRegenerate}
              onEdit={props.onEdit}
            />
          ))}
        </ol>
      </div>
    </div>
  );
}

const nearEndPx = 80;

/** Follows the words as they come, unless the reader has scrolled up: that place is kept, under the name of `place`. */
function useStickToEnd(element: HTMLDivElement | null, place: string): void {
  useLayoutEffect(() => {
    const content = element?.firstElementChild;
    if (!element || !content) return;
    const toEnd = () => element.scrollTo({ top: element.scrollHeight });
    const before = scrollMemory.get(place);
    if (before === null) toEnd();
    else element.scrollTo({ top: before });
    let follow = before === null;
    const scrolled = () => {
      follow = element.scrollHeight - element.scrollTop - element.clientHeight < nearEndPx;
      scrollMemory.set(place, follow ? null : element.scrollTop);
    };
    const observer = new ResizeObserver(() => {
      if (follow) toEnd();
    });
    observer.observe(content);
    observer.observe(element);
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  }, [element, place]);
}

function MessageField(props: {
  editing: Message | null;
  disabled: boolean;
  writing: Message | null;
  onStop: (message: Message) => void;
  onSend: (text: string) => void;
}) {
  const { writing } = props;
  const errorId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const keyboard = useMediaQuery('(hover: hover) and (pointer: fine)');
  const [text, setText] = useState(props.editing?.text ?? '');
  const tooLong = utf8Length(text.trim()) > messageBytesMax;
  const ready = text.trim() !== '' && !tooLong && !props.disabled && writing === null;
  const isEdit = props.editing !== null;
  useEffect(() => {
    if (isEdit) field.current?.focus();
  }, [isEdit]);
  const send = () => {
    if (!ready) return;
    props.onSend(text.trim());
    setText('');
  };
  const pressed = (event: KeyboardEvent) => {
    const meaning = meaningOfEnter(event.nativeEvent, { keyboard });
    if (meaning === 'text') return;
    event.preventDefault();
    if (meaning === 'send') send();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className="flex items-end gap-1 rounded-lg border border-line bg-surface-raised p-1.5"
    >
      <textarea
        ref={field}
        dir="auto"
        aria-label={words.message}
        aria-invalid={tooLong}
        aria-describedby={tooLong ? errorId : undefined}
        placeholder={words.placeholder}
        rows={1}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={pressed}
        className="field-sizing-content max-h-48 min-h-11 min-w-0 flex-1 resize-none rounded-md bg-transparent px-3 py-2.5 text-base focus-visible:outline-offset-0"
      />
      {tooLong && (
        <span id={errorId} role="alert" className="self-center text-xs text-danger">
          {words.tooLong}
        </span>
      )}
      {writing ? (
        <IconButton label={words.stop} icon={Square} look="primary" onClick={() => props.onStop(writing)} />
      ) : (
        <IconButton label={words.send} icon={ArrowUp} look="primary" type="submit" aria-disabled={!ready} />
      )}
    </form>
  );
}

function ConversationList(props: {
  conversations: readonly Conversation[];
  openId: string | null;
  onOpen: (id: string) => void;
  onRemove: (conversation: Conversation) => void;
}) {
  if (props.conversations.length === 0)
    return <p className="px-2 text-text-muted">{words.noConversations}</p>;
  return (
    <ul className="flex flex-col gap-0.5">
      {props.conversations.map((one) => (
        <li key={one.id} className="flex items-center">
          <button
            type="button"
            dir="auto"
            aria-current={one.id === props.openId}
            onClick={() => props.onOpen(one.id)}
            className={cx(
              'min-h-11 min-w-0 flex-1 truncate rounded-md px-3 text-start transition-colors hover:bg-surface-hover',
              one.id === props.openId && 'bg-surface-hover font-medium',
            )}
          >
            {one.messages.find((message) => message.role === 'user')?.text ?? words.untitled}
          </button>
          <IconButton
            label={words.remove}
            icon={Trash2}
            className="text-text-muted"
            onClick={() => props.onRemove(one)}
          />
        </li>
      ))}
    </ul>
  );
}
