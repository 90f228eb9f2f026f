import { promptOfGeneration } from '@/lib/generation_prompt';
import { useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { Generation } from '@/api/types';
import { useAssetActions } from '@/lib/asset_actions';
import { assets as words } from '@/lib/messages/assets';
import { putAway } from '@/lib/put_away';
import { troublePlace, TroubleTile } from './trouble_tile';

export function FailedTile({ generation }: { generation: Generation }) {
  const cache = useQueryClient();
  const actions = useAssetActions();
  const [busy, setBusy] = useState(false);
  const why = generation.error?.detail ?? '';
  const again = async () => {
    setBusy(true);
    await actions.retry(generation);
    setBusy(false);
  };
  return (
    <div className={troublePlace} data-failed={generation.id}>
      <TroubleTile
        title={words.failed}
        prompt={promptOfGeneration(generation)}
        action={{ label: words.retry, icon: RotateCw, busy, run: () => void again() }}
        onDismiss={() => void putAway(cache, generation)}
      >
        <p>{why}</p>
        {generation.credits > 0 && !why.includes(words.notCharged) && <p>{words.notCharged}</p>}
      </TroubleTile>
    </div>
  );
}
