import { ListOrdered } from 'lucide-react';
import { Button } from '@/components/button';
import { useStudio } from '@/lib/hooks';
import { queue as words } from '@/lib/messages/queue';
import { ownQueue } from '@/lib/own_queue';
import type { Studio } from '@/lib/studio';

/** What is made later, out of a draft that somebody has yet to choose, is in no queue so far. */
const count = (studio: Studio) => ownQueue(studio).filter(({ state }) => state !== 'scheduled').length;

/** There as long as something waits or runs. */
export function QueueButton({ onOpen }: { onOpen: () => void }) {
  const waiting = useStudio(count) ?? 0;
  if (waiting === 0) return null;
  return (
    <Button icon={ListOrdered} aria-label={words.open(waiting)} aria-haspopup="dialog" onClick={onOpen}>
      {words.button(waiting)}
    </Button>
  );
}
