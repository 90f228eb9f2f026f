import { Copy, Pencil, RotateCw } from 'lucide-react';
import { IconButton } from '@/components/button';
import { cx } from '@/lib/class_names';
import { copyText } from '@/lib/clipboard';
import { chat as words } from '@/lib/messages/chat';
import type { Message } from './conversations';
import { useLiveAnswer, useSettle } from './use_chat';

interface MessageViewProps {
  conversationId: string;
  message: Message;
  last: boolean;
  busy: boolean;
  onRegenerate: (message: Message) => void;
  onEdit: (message: Message) => void;
}

export function MessageView(props: MessageViewProps) {
  const { message } = props;
  if (message.role === 'user') return <Question {...props} />;
  if (message.state === 'writing') return <WritingAnswer {...props} />;
  return <AnswerView {...props} text={message.text} />;
}

function Question({ message, busy, onEdit }: MessageViewProps) {
  return (
    <li className="group flex flex-col items-end gap-1">
      <h2 className="sr-only">{words.you}</h2>
      <p
        dir="auto"
        className="max-w-[85%] rounded-lg bg-surface-hover px-4 py-2.5 text-base break-words whitespace-pre-wrap"
      >
        {message.text}
      </p>
      <div className="flex transition-opacity fine:opacity-0 fine:group-focus-within:opacity-100 fine:group-hover:opacity-100">
        <IconButton label={words.edit} icon={Pencil} disabled={busy} onClick={() => onEdit(message)} />
        <IconButton label={words.copy} icon={Copy} onClick={() => void copyText(message.text)} />
      </div>
    </li>
  );
}

/** Only an answer that is being written listens to the stream; the others would be asked at every word for nothing. */
function WritingAnswer(props: MessageViewProps) {
  useSettle(props.conversationId, props.message);
  return <AnswerView {...props} text={useLiveAnswer(props.message).text} />;
}

function AnswerView({ message, text, last, busy, onRegenerate }: MessageViewProps & { text: string }) {
  const writing = message.state === 'writing';
  return (
    <li className="group flex flex-col items-start gap-1" data-answer={message.state}>
      <h2 className="text-xs font-semibold text-accent">{words.ai}</h2>
      {text !== '' && (
        <p dir="auto" className="w-full text-base break-words whitespace-pre-wrap">
          {text}
        </p>
      )}
      {writing && text === '' && <p className="text-text-muted">{words.thinking}</p>}
      {message.state === 'stopped' && <p className="text-sm text-text-muted">{words.stopped}</p>}
      {message.state === 'failed' && (
        <>
          <p role="alert" className="text-sm text-danger">
            {words.failed(message.why ?? '')}
          </p>
          <p className="text-sm text-text-muted">{words.leftOut}</p>
        </>
      )}
      {!writing && (
        <div
          className={cx(
            '-ml-3 flex transition-opacity',
            !last && 'fine:opacity-0 fine:group-focus-within:opacity-100 fine:group-hover:opacity-100',
          )}
        >
          {text !== '' && <IconButton label={words.copy} icon={Copy} onClick={() => void copyText(text)} />}
          {last && (
            <IconButton
              label={words.regenerate}
              icon={RotateCw}
              disabled={busy}
              onClick={() => onRegenerate(message)}
            />
          )}
        </div>
      )}
    </li>
  );
}
