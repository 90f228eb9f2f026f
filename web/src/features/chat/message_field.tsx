import { ArrowUp, Square, X } from 'lucide-react';
import { useEffect, useId, useRef, type KeyboardEvent } from 'react';
import { Button, IconButton } from '@/components/button';
import { Notice } from '@/components/states';
import { utf8Length } from '@/lib/format';
import { useMediaQuery } from '@/lib/hooks';
import { meaningOfEnter } from '@/lib/keys';
import { chat as words } from '@/lib/messages/chat';
import { common } from '@/lib/messages/common';
import { useStore } from '@/lib/store';
import { draft, draftStore, fieldText, noDraft, turnOf, type DraftTurn } from './drafts';

const messageBytesMax = 4096;

export function MessageField(props: {
  place: string;
  /** What a new message follows. */
  lastId: string | null;
  disabled: boolean;
  busy: boolean;
  fault: string | null;
  /** Asks once more for what nobody knows of whether it arrived; null where its words stand in the field. */
  onAgain: (() => void) | null;
  onStop: () => void;
  onSend: (turn: DraftTurn) => void;
  onWrite: () => void;
}) {
  const { place, busy } = props;
  const errorId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const keyboard = useMediaQuery('(hover: hover) and (pointer: fine)');
  const now = useStore(draftStore)[place] ?? noDraft;
  const text = fieldText(now);
  const tooLong = utf8Length(text.trim()) > messageBytesMax;
  const ready = text.trim() !== '' && !tooLong && !props.disabled && !busy;
  const editing = now.edit?.messageId ?? null;
  useEffect(() => {
    if (editing !== null) field.current?.focus();
  }, [editing]);
  const send = () => {
    if (ready) props.onSend(turnOf(now, props.lastId));
  };
  const leaveEdit = () => {
    draft(place, { type: 'leaveEdit' });
    field.current?.focus();
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && editing !== null) {
      event.preventDefault();
      leaveEdit();
      return;
    }
    const meaning = meaningOfEnter(event.nativeEvent, { keyboard });
    if (meaning === 'text') return;
    event.preventDefault();
    if (meaning === 'send') send();
  };
  return (
    <>
      {props.fault !== null && (
        <div role="alert">
          <Notice
            tone="danger"
            className="mb-2"
            action={props.onAgain && <Button onClick={props.onAgain}>{common.tryAgain}</Button>}
          >
            {props.fault}
          </Notice>
        </div>
      )}
      {editing !== null && (
        <Notice className="mb-2" action={<IconButton label={words.leaveEdit} icon={X} onClick={leaveEdit} />}>
          {words.editing}
        </Notice>
      )}
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
          onChange={(event) => {
            draft(place, { type: 'write', text: event.target.value });
            props.onWrite();
          }}
          onKeyDown={pressed}
          className="field-sizing-content max-h-48 min-h-11 min-w-0 flex-1 resize-none rounded-md bg-transparent px-3 py-2.5 text-base focus-visible:outline-offset-0"
        />
        {tooLong && (
          <span id={errorId} role="alert" className="self-center text-xs text-danger">
            {words.tooLong}
          </span>
        )}
        {busy ? (
          <IconButton label={words.stop} icon={Square} look="primary" onClick={props.onStop} />
        ) : (
          <IconButton label={words.send} icon={ArrowUp} look="primary" type="submit" aria-disabled={!ready} />
        )}
      </form>
    </>
  );
}
