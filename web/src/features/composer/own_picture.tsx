import { Button } from '@/components/button';
import { Sheet } from '@/components/sheet';
import { composer as words } from '@/lib/messages/composer';

/** Says that pictures of one's own cannot be used yet, and what works instead. */
export function OwnPicture({ onClose }: { onClose: () => void }) {
  return (
    <Sheet
      open
      onOpenChange={onClose}
      title={words.ownTitle}
      footer={
        <div className="flex justify-end">
          <Button look="primary" onClick={onClose}>
            {words.ownUnderstood}
          </Button>
        </div>
      }
    >
      <p className="mb-2">{words.ownHeld}</p>
      <p className="text-text-muted">{words.ownInstead}</p>
    </Sheet>
  );
}
