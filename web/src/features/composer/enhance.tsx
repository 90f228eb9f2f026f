import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useId, useState } from 'react';
import { api } from '@/api/client';
import type { KindName } from '@/api/types';
import { Button } from '@/components/button';
import { Notice } from '@/components/states';
import { Sheet } from '@/components/sheet';
import { applyToStudio } from '@/lib/apply_event';
import { draftStore, kindOf } from '@/lib/draft';
import { replaceDraft } from '@/lib/draft_history';
import { useKinds, useStudio } from '@/lib/hooks';
import { newId } from '@/lib/ids';
import { composer as words } from '@/lib/messages/composer';
import { common, errorText } from '@/lib/messages/common';
import { brief, patient, patiently } from '@/lib/patience';
import { focusPrompt } from '@/lib/reuse';
import { isOver, type Studio } from '@/lib/studio';

/** Which generation writes, or why none does; under the key of the request that this came from. */
type Asked = { key: string; id: string | null; why: string | null; silent: boolean };

function useSuggestion(prompt: string, kind: KindName | null) {
  const cache = useQueryClient();
  const [key, setKey] = useState(newId);
  const [asked, setAsked] = useState<Asked | null>(null);
  useEffect(() => {
    const nothing = { key, id: null, why: null, silent: false };
    let left = false;
    const note = (now: Asked) => {
      if (!left) setAsked(now);
    };
    patiently(() => api.create({ kind: 'chat_enhance', prompt, for_kind: kind }, key), {
      ...patient,
      onSilence: () => note({ ...nothing, silent: true }),
    }).then(
      (generation) => {
        applyToStudio(cache, { type: 'answered', generation });
        note({ ...nothing, id: generation.id });
      },
      (error: unknown) => note({ ...nothing, why: errorText(error) }),
    );
    return () => {
      left = true;
    };
  }, [cache, prompt, kind, key]);
  const current = asked?.key === key ? asked : null;
  const id = current?.id ?? '';
  const select = useCallback(
    (studio: Studio) => ({ generation: studio.generations[id], answer: studio.answers[id] }),
    [id],
  );
  const live = useStudio(select);
  const over = live?.generation ? isOver(live.generation) : false;
  const text = (over ? live?.generation?.text : null) ?? live?.answer?.text ?? '';
  const failure = live?.generation?.state === 'failed' ? live.generation.error?.detail : null;
  const why = current?.why ?? failure ?? null;
  return { text, over, why, id, silent: current?.silent ?? false, again: () => setKey(newId()) };
}

/** Shows both texts; nothing is replaced before the person says so. */
export function Enhance({ onClose }: { onClose: () => void }) {
  const fieldId = useId();
  const { kinds } = useKinds();
  const [draft] = useState(draftStore.get);
  const prompt = draft.prompt.trim();
  const suggestion = useSuggestion(prompt, kindOf(draft, kinds)?.name ?? null);
  const [edited, setEdited] = useState<string | null>(null);
  const text = edited ?? suggestion.text.trim();
  const close = () => {
    if (suggestion.id !== '' && !suggestion.over)
      void patiently(() => api.cancel(suggestion.id), brief).catch(() => undefined);
    onClose();
  };
  const use = () => {
    replaceDraft((draft) => ({ ...draft, prompt: text }));
    focusPrompt();
    onClose();
  };
  return (
    <Sheet
      open
      onOpenChange={close}
      title={words.enhanceTitle}
      about={words.enhanceAbout}
      footer={
        <div className="flex justify-end gap-2">
          <Button onClick={close}>{words.enhanceKeep}</Button>
          <Button look="primary" disabled={!suggestion.over || text === ''} onClick={use}>
            {words.enhanceUse}
          </Button>
        </div>
      }
    >
      <h3 className="mb-1 text-sm font-medium text-text-muted">{words.enhanceYours}</h3>
      <p dir="auto" className="mb-4 break-words whitespace-pre-wrap">
        {prompt}
      </p>
      <label htmlFor={fieldId} className="mb-1 block text-sm font-medium text-text-muted">
        {words.enhanceSuggested}
      </label>
      {suggestion.why !== null ? (
        <Notice tone="danger" action={<Button onClick={suggestion.again}>{common.tryAgain}</Button>}>
          <span role="alert">{suggestion.why}</span>
        </Notice>
      ) : (
        <>
          <textarea
            id={fieldId}
            dir="auto"
            rows={5}
            readOnly={!suggestion.over}
            aria-busy={!suggestion.over}
            value={text}
            placeholder={suggestion.over ? words.enhanceEmpty : words.enhanceWriting}
            onChange={(event) => setEdited(event.target.value)}
            className="field-sizing-content max-h-72 min-h-28 w-full resize-none rounded-md border border-line-strong bg-surface-sunken px-3 py-2 text-base"
          />
          <p role="status" className="text-xs text-text-muted">
            {suggestion.over
              ? words.enhanceEditable
              : suggestion.silent
                ? common.noAnswerYet
                : words.enhanceWriting}
          </p>
        </>
      )}
    </Sheet>
  );
}
