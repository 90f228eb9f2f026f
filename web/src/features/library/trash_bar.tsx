import { useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/button';
import { Confirm } from '@/components/confirm';
import { formatBytes } from '@/lib/format';
import { library as words } from '@/lib/messages/library';
import { useTrash } from '@/lib/trash';
import { emptyTrash } from './empty_trash';

/** How much the trash holds, and the way to be rid of it. */
export function TrashBar() {
  const cache = useQueryClient();
  const trash = useTrash();
  const [asking, setAsking] = useState(false);
  if (trash === null || trash.assets === 0) return null;
  const size = formatBytes(trash.bytes);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 pb-3 sm:px-6" data-trash>
      <div className="min-w-0 flex-1">
        <p className="tabular font-semibold">{words.trashSize(trash.assets, size)}</p>
        <p className="text-sm text-text-muted">{words.trashAbout(trash.kept_days)}</p>
      </div>
      <Button icon={Trash2} onClick={() => setAsking(true)}>
        {words.emptyTrash}
      </Button>
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
