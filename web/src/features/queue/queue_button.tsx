import { ListOrdered } from 'lucide-react';
import { Button } from '@/components/button';
import { useStudio } from '@/lib/hooks';
import { queue as words } from '@/lib/messages/queue';
import { ownQueue } from '@/lib/own_queue';
import type { Studio } from '@/lib/studio';

/** The steps of a run are one thing that was asked for. */
const count = (studio: Studio): number => {
  const runs = Object.values(studio.runs);
  const askedFor = ownQueue(studio).map(
    ({ id }) => runs.find(({ steps }) => steps.some((step) => step.generation_id === id))?.id ?? id,
  );
  return new Set(askedFor).size;
};

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
