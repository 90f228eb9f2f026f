import { Button } from '@/components/button';
import { Sheet } from '@/components/sheet';
import { composer as words } from '@/lib/messages/composer';

/** Says before the upload what will become of it, and what works instead. */
export function OwnPicture({ onClose, onAnyway }: { onClose: () => void; onAnyway: () => void }) {
  const anyway = () => {
    onClose();
    onAnyway();
  };
  return (
    <Sheet
      open
      onOpenChange={onClose}
      title={words.ownTitle}
      footer={
        <div className="flex justify-end gap-2">
          <Button onClick={anyway}>{words.ownAnyway}</Button>
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
