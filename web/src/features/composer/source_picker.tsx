import { ImagePlus } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { api } from '@/api/client';
import { cx } from '@/lib/class_names';
import { changeDraft } from '@/lib/draft';
import { useStudio } from '@/lib/hooks';
import { composer as words } from '@/lib/messages/composer';
import { errorText } from '@/lib/messages/common';
import { noteOwn } from '@/lib/own';
import { sourceOf } from '@/lib/source';
import { isVisible, type Studio } from '@/lib/studio';
import { chipLook } from './choices';

const OwnPicture = lazy(() => import('./own_picture').then(({ OwnPicture }) => ({ default: OwnPicture })));

const uploadBytesMax = 32 * 1024 * 1024;
const uploadTypes = ['image/png', 'image/jpeg', 'image/webp'];

/** Whether the studio has ever let an upload through its checks; until then it holds them all. */
const hasReleasedUpload = (studio: Studio) =>
  Object.values(studio.assets).some((asset) => asset.generation_id === null && isVisible(asset));

export function SourcePicker({ onError }: { onError: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const released = useStudio(hasReleasedUpload) ?? false;
  const upload = async (file: File) => {
    if (!uploadTypes.includes(file.type) || file.size > uploadBytesMax) return onError(words.uploadTypes);
    setBusy(true);
    try {
      const asset = await api.upload(file);
      noteOwn(asset.id);
      if (!isVisible(asset)) return onError(asset.verdict.sentence ?? words.uploadHeld);
      changeDraft({ source: sourceOf(asset) });
    } catch (error) {
      onError(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  const choose = () => input.current?.click();
  return (
    <>
      <button
        type="button"
        disabled={busy}
        {...(released ? {} : { 'aria-haspopup': 'dialog' })}
        onClick={released ? choose : () => setAsking(true)}
        className={cx(chipLook, 'shrink-0')}
      >
        <ImagePlus aria-hidden className="size-4" />
        <span className="max-lg:sr-only">{busy ? words.uploading : words.addSourceShort}</span>
      </button>
      <Suspense>{asking && <OwnPicture onClose={() => setAsking(false)} />}</Suspense>
      <input
        ref={input}
        type="file"
        accept={uploadTypes.join(',')}
        aria-label={words.addSource}
        tabIndex={-1}
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) void upload(file);
        }}
      />
    </>
  );
}
