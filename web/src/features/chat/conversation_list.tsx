import { Check, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Conversation } from '@/api/types';
import { Button, IconButton } from '@/components/button';
import { cx } from '@/lib/class_names';
import { formatDate } from '@/lib/format';
import { chat as words } from '@/lib/messages/chat';
import { useConversationList, useListActions } from './use_chat';

const titleCharsMax = 60;

export function ConversationList(props: { openId: string | null; onOpen: (id: string) => void }) {
  const { conversations, more } = useConversationList();
  const { remove, rename } = useListActions();
  const [renaming, setRenaming] = useState<string | null>(null);
  // Those that begin with the same words are told apart by their time.
  const alike = (one: Conversation) =>
    conversations.some((other) => other !== one && other.title === one.title);
  if (conversations.length === 0) return <p className="px-2 text-text-muted">{words.noConversations}</p>;
  return (
    <>
      <ul className="flex flex-col gap-0.5">
        {conversations.map((one) => (
          <li key={one.id} className="flex items-center">
            {renaming === one.id ? (
              <TitleField
                conversation={one}
                onLeave={() => setRenaming(null)}
                onTitle={(title) =>
                  rename(one, title, () => setRenaming((now) => (now === one.id ? null : now)))
                }
              />
            ) : (
              <>
                <button
                  type="button"
                  dir="auto"
                  aria-current={one.id === props.openId}
                  onClick={() => props.onOpen(one.id)}
                  className={cx(
                    'min-h-11 min-w-0 flex-1 rounded-md px-3 text-start transition-colors hover:bg-surface-hover',
                    one.id === props.openId && 'bg-surface-hover font-medium',
                  )}
                >
                  <span className="block truncate">{one.title === '' ? words.untitled : one.title}</span>
                  {alike(one) && (
                    <span className="block truncate text-xs font-normal text-text-muted">
                      {formatDate(one.changed_at)}
                    </span>
                  )}
                </button>
                <IconButton
                  label={words.rename}
                  icon={Pencil}
                  className="text-text-muted"
                  onClick={() => setRenaming(one.id)}
                />
                <IconButton
                  label={words.remove}
                  icon={Trash2}
                  className="text-text-muted"
                  onClick={() => remove(one)}
                />
              </>
            )}
          </li>
        ))}
      </ul>
      {more && (
        <Button className="mt-2 w-full" onClick={more}>
          {words.olderConversations}
        </Button>
      )}
    </>
  );
}

/** Stays until the title is kept, so that nothing that was typed is lost. */
function TitleField(props: {
  conversation: Conversation;
  onLeave: () => void;
  onTitle: (title: string) => Promise<unknown>;
}) {
  const { conversation, onLeave } = props;
  const [title, setTitle] = useState(conversation.title);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    const wanted = title.trim();
    if (wanted === '' || wanted === conversation.title) return onLeave();
    setBusy(true);
    await props.onTitle(wanted);
    setBusy(false);
  };
  return (
    <form
      className="flex min-w-0 flex-1 items-center gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void save();
      }}
    >
      <input
        dir="auto"
        aria-label={words.titleField}
        maxLength={titleCharsMax}
        value={title}
        ref={focusOnce}
        onChange={(event) => setTitle(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onLeave();
        }}
        className="min-h-11 min-w-0 flex-1 rounded-md border border-line bg-transparent px-3 text-base"
      />
      <IconButton label={words.keepTitle} icon={Check} type="submit" aria-disabled={busy} />
    </form>
  );
}

const focusOnce = (field: HTMLElement | null) => field?.focus();
