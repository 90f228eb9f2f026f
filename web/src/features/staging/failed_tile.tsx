import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { Generation } from '@/api/types';
import { useAssetActions } from '@/lib/asset_actions';
import { dismiss } from '@/lib/dismissed';
import { assets as words } from '@/lib/messages/assets';
import { troublePlace, TroubleTile } from './trouble_tile';

export function FailedTile({ generation }: { generation: Generation }) {
  const actions = useAssetActions();
  const [busy, setBusy] = useState(false);
  const why = generation.error?.detail ?? '';
  const again = async () => {
    setBusy(true);
    if (await actions.retry(generation)) dismiss(generation.id);
    setBusy(false);
  };
  return (
    <div className={troublePlace} data-failed={generation.id}>
      <TroubleTile
        title={words.failed}
        prompt={generation.settings.prompt ?? ''}
        action={{ label: words.retry, icon: RotateCw, busy, run: () => void again() }}
        // The studio keeps no note of it.
        dismissLabel={words.dismissHere}
        onDismiss={() => dismiss(generation.id)}
      >
        <p>{why}</p>
        {generation.credits > 0 && !why.includes(words.notCharged) && <p>{words.notCharged}</p>}
      </TroubleTile>
    </div>
  );
}
