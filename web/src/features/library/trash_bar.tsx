import { useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/button';
import { Confirm } from '@/components/confirm';
import { formatBytes } from '@/lib/format';
import { common } from '@/lib/messages/common';
import { library as words } from '@/lib/messages/library';
import { useStore } from '@/lib/store';
import { useTrash } from '@/lib/trash';
import { emptyingStore, emptyTrash } from './empty_trash';

/** How much the trash holds, and the way to be rid of it. */
export function TrashBar() {
  const cache = useQueryClient();
  const trash = useTrash();
  const emptying = useStore(emptyingStore);
  const [asking, setAsking] = useState(false);
  if (trash === null || trash.assets === 0) return null;
  const size = formatBytes(trash.bytes);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 pb-3 sm:px-6" data-trash>
      <p className="tabular min-w-0 flex-1 font-semibold">{words.trashSize(trash.assets, size)}</p>
      <Button
        icon={Trash2}
        aria-disabled={emptying !== null}
        onClick={() => {
          if (emptying === null) setAsking(true);
        }}
      >
        {emptying === null ? words.emptyTrash : words.emptying}
      </Button>
      <p role="status" className="basis-full text-sm text-text-muted">
        {emptying?.silent === true ? common.noAnswerShort : words.trashAbout(trash.kept_days)}
      </p>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={words.emptyTrashTitle}
        text={words.emptyTrashAsk(trash.assets, size)}
        action={words.emptyTrashDo(trash.assets)}
        onConfirm={() => void emptyTrash(cache)}
      />
    </div>
  );
}
