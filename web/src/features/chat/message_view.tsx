import { ChevronLeft, ChevronRight, Copy, FastForward, Pencil, RotateCw } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, type ReactNode } from 'react';
import type { Message } from '@/api/types';
import { Button, IconButton } from '@/components/button';
import { announce } from '@/lib/announce';
import { cx } from '@/lib/class_names';
import { copyText } from '@/lib/clipboard';
import { chat as words } from '@/lib/messages/chat';
import { common } from '@/lib/messages/common';
import { making } from '@/lib/messages/making';
import { useLiveAnswer, useWaits } from './use_chat';

const MarkdownText = lazy(() => import('./markdown'));

interface MessageViewProps {
  message: Message;
  /** What stands in its place in other branches, itself among it. */
  alternatives: readonly Message[];
  last: boolean;
  busy: boolean;
  onChoose: (message: Message) => void;
  onAgain: (message: Message) => void;
  onGoOn: (message: Message) => void;
  onEdit: (message: Message) => void;
}
interface AnswerProps extends MessageViewProps {
  /** Others come before it, and it has not been begun. */
  waits?: boolean;
}

export function MessageView(props: MessageViewProps) {
  const { message } = props;
  if (message.role === 'user') return <Question {...props} />;
  if (message.state === 'writing') return <WritingAnswer {...props} />;
  return <AnswerView {...props} />;
}

const quiet =
  'fine:opacity-0 fine:group-focus-within:opacity-100 fine:group-hover:opacity-100 transition-opacity';

function Question(props: MessageViewProps) {
  const { message, busy, onEdit } = props;
  return (
    <QuestionText text={message.text}>
      <div className="flex items-center">
        <Alternatives {...props} />
        <div className={cx('flex', quiet)}>
          <IconButton label={words.edit} icon={Pencil} disabled={busy} onClick={() => onEdit(message)} />
          <IconButton label={words.copy} icon={Copy} onClick={() => void copyText(message.text)} />
        </div>
      </div>
    </QuestionText>
  );
}

function QuestionText({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <li className="group flex flex-col items-end gap-1" data-question>
      <h2 className="sr-only">{words.you}</h2>
      <p
        dir="auto"
        className="max-w-[85%] rounded-lg bg-surface-hover px-4 py-2.5 text-base break-words whitespace-pre-wrap"
      >
        {text}
      </p>
      {children}
    </li>
  );
}

/** What is on its way to the server has its place already. */
export function Pending({ text, silent }: { text: string | null; silent: boolean }) {
  return (
    <>
      {text !== null && <QuestionText text={text} />}
      <li className="flex flex-col items-start gap-1" data-answer="writing">
        <h2 className="text-xs font-semibold text-accent">{words.ai}</h2>
        <p role="status" className="text-text-muted">
          {silent ? common.noAnswerYet : words.thinking}
        </p>
      </li>
    </>
  );
}

/** Only an answer that is being written listens to the stream; the others would be asked at every word for nothing. */
function WritingAnswer(props: MessageViewProps) {
  const message = useLiveAnswer(props.message);
  const told = useRef(false);
  useEffect(() => {
    if (message.state !== 'done' || told.current) return;
    told.current = true;
    announce(message.text);
  }, [message]);
  return <AnswerView {...props} message={message} waits={useWaits(props.message)} />;
}

function AnswerText({ message }: { message: Message }) {
  const { text, state } = message;
  if (text === '') return null;
  const plain = (
    <p dir="auto" className="w-full text-base break-words whitespace-pre-wrap">
      {text}
    </p>
  );
  // Words that are still coming in are not read anew each time.
  if (state === 'writing') return plain;
  return (
    <Suspense fallback={plain}>
      <div dir="auto" className="flex w-full flex-col gap-3 text-base break-words" data-markdown>
        <MarkdownText text={text} />
      </div>
    </Suspense>
  );
}

function Alternatives({ message, alternatives, busy, onChoose }: MessageViewProps) {
  const at = alternatives.findIndex(({ id }) => id === message.id);
  const step = (by: number) => alternatives[at + by];
  if (alternatives.length < 2 || at < 0) return null;
  const button = (by: -1 | 1) => {
    const other = step(by);
    return (
      <IconButton
        label={by < 0 ? words.earlierAlternative : words.laterAlternative}
        icon={by < 0 ? ChevronLeft : ChevronRight}
        disabled={busy || other === undefined}
        onClick={() => {
          if (other) onChoose(other);
        }}
      />
    );
  };
  return (
    <div role="group" aria-label={words.alternatives} className="-ml-3 flex items-center">
      {button(-1)}
      <span className="text-sm text-text-muted tabular-nums">{words.place(at + 1, alternatives.length)}</span>
      {button(1)}
    </div>
  );
}

function AnswerNotes({ message }: { message: Message }) {
  const why = message.error?.detail ?? '';
  if (message.state === 'stopped') return <p className="text-sm text-text-muted">{words.stopped}</p>;
  if (message.state === 'failed') {
    return (
      <>
        <p role="alert" className="text-sm text-danger">
          {words.failed(why)}
        </p>
        <p className="text-sm text-text-muted">{words.leftOut}</p>
      </>
    );
  }
  if (why !== '') {
    return (
      <p role="alert" className="text-sm text-danger">
        {words.notContinued(why)}
      </p>
    );
  }
  return null;
}

function AnswerView(props: AnswerProps) {
  const { message, last, busy } = props;
  const { state, text } = message;
  const writing = state === 'writing';
  const unfinished = last && text !== '' && (message.cut || state === 'stopped');
  return (
    <li className="group flex flex-col items-start gap-1" data-answer={state}>
      <h2 className="text-xs font-semibold text-accent">{words.ai}</h2>
      <AnswerText message={message} />
      {writing && text === '' && (
        <p className="text-text-muted">{props.waits ? making.waitingForTurn : words.thinking}</p>
      )}
      <AnswerNotes message={message} />
      {unfinished && !writing && (
        <>
          {message.cut && <p className="text-sm text-text-muted">{words.cut}</p>}
          <Button icon={FastForward} disabled={busy} onClick={() => props.onGoOn(message)}>
            {words.goOn}
          </Button>
        </>
      )}
      {!writing && (
        <div className="flex items-center">
          <Alternatives {...props} />
          <div className={cx('-ml-3 flex', !last && quiet)}>
            {text !== '' && <IconButton label={words.copy} icon={Copy} onClick={() => void copyText(text)} />}
            {last && (
              <IconButton
                label={words.regenerate}
                icon={RotateCw}
                disabled={busy}
                onClick={() => props.onAgain(message)}
              />
            )}
          </div>
        </div>
      )}
    </li>
  );
}
