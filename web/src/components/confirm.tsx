import { Button } from '@/components/button';
import { Sheet } from '@/components/sheet';
import { common } from '@/lib/messages/common';

/** Asks before what cannot be undone. */
export function Confirm(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  text: string;
  /** What the button does, in words that make sense alone. */
  action: string;
  onConfirm: () => void;
}) {
  const close = () => props.onOpenChange(false);
  return (
    <Sheet
      open={props.open}
      onOpenChange={props.onOpenChange}
      title={props.title}
      footer={
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={close}>{common.cancel}</Button>
          <Button
            look="danger"
            onClick={() => {
              close();
              props.onConfirm();
            }}
          >
            {props.action}
          </Button>
        </div>
      }
    >
      <p className="tabular">{props.text}</p>
    </Sheet>
  );
}
