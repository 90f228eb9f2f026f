import { ImagePlus } from 'lucide-react';
import { useRef, useState } from 'react';
import { api } from '@/api/client';
import { tileAspect } from '@/lib/aspect';
import { changeDraft } from '@/lib/draft';
import { composer as words } from '@/lib/messages/composer';
import { errorText } from '@/lib/messages/common';
import { isVisible } from '@/lib/studio';
import { chipLook } from './choices';

const uploadBytesMax = 32 * 1024 * 1024;
const uploadTypes = ['image/png', 'image/jpeg', 'image/webp'];

export function SourcePicker({ onError }: { onError: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const upload = async (file: File) => {
    if (!uploadTypes.includes(file.type) || file.size > uploadBytesMax) return onError(words.uploadTypes);
    setBusy(true);
    try {
      const asset = await api.upload(file);
      if (!isVisible(asset)) return onError(asset.verdict.sentence ?? words.uploadHeld);
      changeDraft({
        source: {
          id: asset.id,
          thumbnail: asset.links.thumbnail ?? asset.links.original ?? '',
          aspect: tileAspect(asset),
        },
      });
    } catch (error) {
      onError(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" disabled={busy} onClick={() => input.current?.click()} className={chipLook}>
        <ImagePlus aria-hidden className="size-4" />
        <span className="max-lg:sr-only">{busy ? words.uploading : words.addSourceShort}</span>
      </button>
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
