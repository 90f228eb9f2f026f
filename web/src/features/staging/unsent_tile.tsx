import { useQueryClient } from '@tanstack/react-query';
import { Pencil, RotateCw } from 'lucide-react';
import { replaceDraft } from '@/lib/draft_history';
import { assets as words } from '@/lib/messages/assets';
import { forgetOutgoing, type NotSent, type Outgoing } from '@/lib/outgoing';
import { focusPrompt } from '@/lib/reuse';
import { sendAgain } from '@/lib/submit';
import { troublePlace, TroubleTile } from './trouble_tile';

/** Keeps the words of a request that was not accepted while other words stand in the composer. */
export function UnsentTile({ outgoing, notSent }: { outgoing: Outgoing; notSent: NotSent }) {
  const cache = useQueryClient();
  const { draft, key } = outgoing;
  const toComposer = () => {
    if (draft) replaceDraft(() => draft);
    forgetOutgoing(key);
    focusPrompt();
  };
  return (
    <div className={troublePlace} data-unsent={key}>
      <TroubleTile
        title={words.notSent}
        prompt={outgoing.body.prompt ?? ''}
        action={
          notSent.refused
            ? { label: words.toComposer, icon: Pencil, run: toComposer }
            : { label: words.retry, icon: RotateCw, run: () => void sendAgain(cache, outgoing) }
        }
        onDismiss={() => forgetOutgoing(key)}
      >
        <p>{notSent.why}</p>
      </TroubleTile>
    </div>
  );
}
