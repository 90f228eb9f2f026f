import { SlidersHorizontal, Sparkles } from 'lucide-react';
import {
  lazy,
  Suspense,
  useEffect,
  useId,
  useRef,
  type ComponentProps,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import type { Generation, Kind } from '@/api/types';
import { Button, IconButton } from '@/components/button';
import { NoticeLine } from '@/components/notice_line';
import { PromptChips } from '@/components/prompt_chips';
import { Notice } from '@/components/states';
import { bestOf, creditsAtMost, type BestOf } from '@/lib/best_of';
import { cx } from '@/lib/class_names';
import { batchOf, changeDraft, draftStore, kindOf, promptBytesMax, type Draft } from '@/lib/draft';
import {
  bringBackDraft,
  earlierDraft,
  isJustReplaced,
  isUntouched,
  putEarlierAway,
  replaceDraft,
} from '@/lib/draft_history';
import { utf8Length } from '@/lib/format';
import { useBalance, useDesktop, useKinds, useMediaQuery, useShortcuts } from '@/lib/hooks';
import { isUndo, meaningOfEnter } from '@/lib/keys';
import { composer as words } from '@/lib/messages/composer';
import { common } from '@/lib/messages/common';
import { eta, making } from '@/lib/messages/making';
import { focusPrompt, promptFieldId } from '@/lib/reuse';
import { useStore } from '@/lib/store';
import { withWord } from '@/lib/with_word';
import { worthKnowing, worthKnowingStore } from '@/lib/worth_knowing';
import { changedAdvanced, isAdvancedField } from './advanced_fields';
import { BatchChoice, chipLook, KindChoice, SizeChoice } from './choices';
import { NoticeLines } from './notice_lines';
import { SourcePicker } from './source_picker';
import { useFolding } from './use_folding';
import { useSend, type SendError } from './use_send';

const SourceChip = lazy(() => import('./source_chip').then(({ SourceChip }) => ({ default: SourceChip })));

/** Ready to be sent; what was written is put aside. */
function takePrompt(prompt: string): void {
  replaceDraft((draft) => ({ ...draft, prompt }));
  focusPrompt();
}

interface ComposerProps {
  advancedOpen: boolean;
  onAdvanced: (open: boolean) => void;
  onEnhance: () => void;
}

export function Composer({ advancedOpen, onAdvanced, onEnhance }: ComposerProps) {
  const { kinds, loading } = useKinds();
  const draft = useStore(draftStore);
  const kind = kindOf(draft, kinds);
  const best = bestOf(draft, kind, kinds);
  const { send, sending, silent, error, setError } = useSend(kind, best);
  const { form, folded } = useFolding();
  const enhancer = kinds.find((one) => one.name === 'chat_enhance');
  useShortcuts({ '/': focusPrompt });
  useEffect(() => {
    if (error?.field && isAdvancedField(error.field)) onAdvanced(true);
  }, [error, onAdvanced]);
  // With room for it, the picture stands where it was chosen; what is wrong with it needs a line.
  const isSourceInRow = useDesktop() && kind?.image_to_image !== false;
  const forPrompt = error?.field === 'prompt' ? error : null;
  const changed = changedAdvanced(draft);
  return (
    <form
      ref={form}
      aria-label={words.region}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className={cx(
        'mx-auto w-full max-w-248 border-line bg-surface-raised p-2 max-lg:border-t lg:mb-4 lg:rounded-lg lg:border lg:p-3 lg:shadow-raised',
        // On a phone it leaves the pictures more than half of the screen: what is long in it scrolls.
        folded
          ? 'flex items-start gap-2'
          : 'max-sm:flex max-sm:max-h-[max(40dvh,18.5rem)] max-sm:flex-col max-sm:has-data-notices:max-h-[max(55dvh,18.5rem)]',
      )}
    >
      {!loading && kind === null && <Notice tone="warn">{words.noneAvailable}</Notice>}
      {!folded && (
        <div className="max-lg:contents lg:flex lg:flex-wrap lg:gap-x-2 lg:*:min-w-72 lg:*:flex-1">
          <ComposerNotices
            error={forPrompt ? null : error}
            promptIsRefused={forPrompt?.suggestions !== undefined}
            silent={silent}
            kinds={kinds}
            draft={draft}
            onCloseError={() => setError(null)}
          />
          <Suspense fallback={<div className="h-14" />}>
            {draft.source && !isSourceInRow && (
              <SourceChip kind={kind} source={draft.source} strength={draft.strength} />
            )}
          </Suspense>
        </div>
      )}
      <PromptField
        draft={draft}
        kind={kind}
        error={forPrompt}
        onSend={send}
        onChange={() => setError(null)}
        onEnhance={enhancer?.available === true ? onEnhance : null}
        knowsEnhancer={!loading}
        folded={folded}
      />
      <div
        className={cx(
          'flex shrink-0 flex-col gap-2 short:flex-row short:items-center lg:flex-row lg:flex-wrap lg:items-center',
          !folded && 'mt-1',
        )}
      >
        {!folded && (
          <div className="flex min-w-0 items-center gap-0.5 p-0.5 max-lg:justify-between sm:gap-1 short:flex-1 lg:flex-wrap">
            <KindChoice kinds={kinds} kind={kind} />
            {kind && <BatchChoice draft={draft} kind={kind} kinds={kinds} />}
            {kind && <SizeChoice kind={kind} draft={draft} />}
            {draft.source && isSourceInRow ? (
              <Suspense fallback={<div className="h-11" />}>
                <SourceChip inRow kind={kind} source={draft.source} strength={draft.strength} />
              </Suspense>
            ) : (
              <SourcePicker onError={(text) => setError({ field: 'source_asset_id', text })} />
            )}
            <button
              type="button"
              aria-expanded={advancedOpen}
              aria-label={changed > 0 ? words.advancedChanged(changed) : words.advanced}
              onClick={() => onAdvanced(!advancedOpen)}
              className={cx(chipLook, 'relative shrink-0')}
            >
              <SlidersHorizontal aria-hidden className="size-4" />
              <span className="max-lg:sr-only">{words.advanced}</span>
              {changed > 0 && <Count>{changed}</Count>}
            </button>
          </div>
        )}
        <GenerateButton draft={draft} kind={kind} best={best} sending={sending} />
      </div>
    </form>
  );
}

/** What stands in the way; else what is worth knowing of what was sent, and what was put aside since. */
function ComposerNotices(props: {
  error: SendError | null;
  promptIsRefused: boolean;
  /** The studio does not answer what was sent. */
  silent: boolean;
  kinds: readonly Kind[];
  draft: Draft;
  onCloseError: () => void;
}) {
  const { error, kinds, draft } = props;
  const earlier = useStore(earlierDraft);
  const sent = useStore(worthKnowingStore);
  // Its prompts need the room.
  if (props.promptIsRefused) return null;
  if (error) {
    return <NoticeLine key={error.text} tone="danger" text={error.text} onClose={props.onCloseError} />;
  }
  const worth = sent && worthKnowing(sent, kinds);
  const notices: ComponentProps<typeof NoticeLine>[] = [];
  if (props.silent) notices.push({ text: common.noAnswerShort });
  if (worth) {
    notices.push({
      text: worth.text,
      below: sent.replaced.length === 0 ? undefined : <OtherWords sent={sent} />,
      more: worth.knows === null ? undefined : { label: words.whatItKnows, text: worth.knows },
      onClose: () => worthKnowingStore.set(() => null),
    });
  }
  if (earlier) {
    notices.push({
      text: words.replaced,
      action: { label: isUntouched(earlier, draft) ? words.undo : words.swapBack, run: bringBackDraft },
      onClose: putEarlierAway,
    });
  }
  return <NoticeLines notices={notices} />;
}

/** Of what stands in the composer, if the word does; else of what was sent. */
function otherWord(sent: string, word: string, other: string): string {
  const now = draftStore.get().prompt;
  const changed = withWord(now, word, other);
  return changed === now ? withWord(sent, word, other) : changed;
}

/** What is nearly as near as what is drawn for a word that the model does not know. */
function OtherWords({ sent }: { sent: Generation }) {
  return sent.replaced
    .filter(({ others }) => others.length > 0)
    .slice(0, 2)
    .map(({ word, others }) => (
      <PromptChips
        key={word}
        label={words.insteadOf(word)}
        chips={others.map((other) => ({
          text: other,
          run: () => takePrompt(otherWord(sent.settings.prompt ?? '', word, other)),
        }))}
      />
    ));
}

function Count({ children }: { children: ReactNode }) {
  return (
    <span
      aria-hidden
      className="tabular rounded-full bg-accent px-1.5 text-xs font-semibold text-on-accent max-lg:absolute max-lg:top-0.5 max-lg:right-0"
    >
      {children}
    </span>
  );
}

function PromptField(props: {
  draft: Draft;
  kind: Kind | null;
  error: SendError | null;
  onSend: () => void;
  onChange: () => void;
  /** null where no chat model is installed. */
  onEnhance: (() => void) | null;
  knowsEnhancer: boolean;
  /** One line, because the screen is low and nobody writes. */
  folded: boolean;
}) {
  const errorId = useId();
  const keyboard = useMediaQuery('(hover: hover) and (pointer: fine)');
  const field = useRef<HTMLTextAreaElement>(null);
  const left = promptBytesMax - utf8Length(props.draft.prompt.trim());
  const pressed = (event: KeyboardEvent) => {
    if (isUndo(event.nativeEvent) && isJustReplaced()) {
      event.preventDefault();
      return bringBackDraft();
    }
    const meaning = meaningOfEnter(event.nativeEvent, { keyboard });
    if (meaning === 'text') return;
    event.preventDefault();
    if (meaning === 'send') props.onSend();
  };
  return (
    <div
      className={cx(
        'relative flex flex-col',
        props.folded ? 'min-w-0 flex-1' : props.error ? 'shrink-0' : 'min-h-11',
      )}
    >
      <textarea
        ref={field}
        id={promptFieldId}
        dir="auto"
        aria-label={words.prompt}
        aria-invalid={props.error !== null}
        aria-describedby={props.error === null ? undefined : errorId}
        placeholder={props.kind?.medium === 'video' ? words.placeholderClip : words.placeholder}
        value={props.draft.prompt}
        rows={1}
        enterKeyHint={keyboard ? 'send' : 'enter'}
        onChange={(event) => {
          changeDraft({ prompt: event.target.value });
          props.onChange();
        }}
        onKeyDown={pressed}
        className={cx(
          'field-sizing-content block max-h-36 min-h-11 w-full resize-none rounded-md bg-surface-sunken py-2.5 pr-12 pl-3 text-base lg:max-h-60',
          'border border-transparent focus-visible:outline-offset-0',
          props.folded && 'max-h-11 overflow-hidden lg:max-h-11',
          props.error !== null && 'border-danger',
        )}
      />
      <IconButton
        label={
          props.onEnhance === null && props.knowsEnhancer ? words.enhanceUnavailable : words.enhanceAbout
        }
        icon={Sparkles}
        disabled={props.onEnhance === null || props.draft.prompt.trim() === ''}
        onClick={props.onEnhance ?? undefined}
        className="absolute top-0 right-0 text-accent disabled:text-text-muted"
      />
      {props.error !== null && (
        <p id={errorId} role="alert" className="px-1 pt-1 text-sm text-danger">
          {props.error.text}
        </p>
      )}
      {props.error?.suggestions && (
        <PromptChips
          label={words.tryInstead}
          chips={props.error.suggestions.map((prompt) => ({
            text: prompt,
            run: () => {
              takePrompt(prompt);
              props.onChange();
            },
          }))}
        />
      )}
      {left < 500 && left >= 0 && (
        <p className="tabular px-1 pt-1 text-right text-xs text-text-muted">{words.bytesLeft(left)}</p>
      )}
    </div>
  );
}

/** A balance that is enough for so many more of them is nothing to think of. */
const plenty = 10_000;

/** Says what pressing it will cost and how long it will take. */
function GenerateButton(props: { draft: Draft; kind: Kind | null; best: BestOf | null; sending: boolean }) {
  const { draft, kind, best, sending } = props;
  const drawn = best?.quick ?? kind;
  const batch = drawn ? batchOf(draft, drawn) : 1;
  const credits = best ? creditsAtMost(best, batch) : (kind?.credits ?? 0) * batch;
  const balance = useBalance();
  const low = drawn?.eta_low_ms;
  const high = drawn?.eta_high_ms;
  const price = best ? making.creditsAtMost : making.credits;
  const consequence = [
    ...(kind ? [credits === 0 ? making.free : price(credits)] : []),
    ...(typeof low === 'number' && typeof high === 'number' ? [eta(low * batch, high * batch)] : []),
  ];
  return (
    <Button
      look="primary"
      type="submit"
      aria-disabled={sending || kind?.available !== true}
      {...(credits === 0 || balance === null || balance > credits * plenty
        ? {}
        : { 'data-hint': making.balance(balance) })}
      // The line stays as it is, whichever of the two it says; what it costs in time gives way first.
      className="min-w-0 shrink-0 lg:ml-auto lg:max-w-max lg:flex-[1_1_14rem]"
    >
      <span className="grid shrink-0 *:[grid-area:1/1]">
        <span className={cx(sending && 'invisible')}>{words.generate}</span>
        <span className={cx(!sending && 'invisible')}>{words.sending}</span>
      </span>
      {/* One line; what has no room on it wraps onto the next, which is not seen. */}
      <span className="tabular flex h-[1lh] min-w-0 flex-wrap gap-x-1 overflow-hidden font-normal">
        {consequence.map((part) => (
          <span key={part} className="shrink-0">{`· ${part}`}</span>
        ))}
      </span>
    </Button>
  );
}
