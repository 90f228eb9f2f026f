import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useState, type ComponentProps } from 'react';
import type { Asset } from '@/api/types';
import type { Lightbox as LightboxType } from './lightbox';
import { NoticeLine } from '@/components/notice_line';
import { announce } from '@/lib/announce';
import { promptOfAsset } from '@/lib/asset_prompt';
import { useStudio } from '@/lib/hooks';
import { assets as words } from '@/lib/messages/assets';
import { assetQuery } from '@/lib/one_asset';
import { isVisible, type Studio } from '@/lib/studio';
import { toast } from '@/lib/toasts';

/** Its code, once it is here. */
let loaded: typeof LightboxType | null = null;

/** Fetches the viewer's code before it is asked for: then it is drawn at once, without a pass that finds that it has to wait. */
export async function preloadViewer(): Promise<typeof LightboxType> {
  loaded ??= (await import('./lightbox')).Lightbox;
  return loaded;
}

const LaterLightbox = lazy(async () => ({ default: await preloadViewer() }));

interface ViewerProps {
  /** What the page shows and the arrow keys walk through. */
  assets: readonly Asset[];
  /** As the address has it: it may be anything. */
  openId: string | null;
  onOpen: (assetId: string) => void;
  onClose: () => void;
}

/** One that the page does not show: undefined while nobody knows, null if there is none. */
function useElsewhere(id: string | null): Asset | null | undefined {
  const select = useCallback((studio: Studio) => studio.assets[id ?? ''] ?? null, [id]);
  const known = useStudio(select);
  const { data } = useQuery({ ...assetQuery(id ?? ''), enabled: id !== null && known === null });
  return known ?? data;
}

/** What the address opens: of this page, or from elsewhere in the studio; where there is none any more, that is said. */
export function Viewer({ assets, openId, onOpen, onClose }: ViewerProps) {
  const isHere = assets.some(({ id }) => id === openId);
  const elsewhere = useElsewhere(isHere ? null : openId);
  const isThere = isHere || (elsewhere !== undefined && elsewhere !== null && isVisible(elsewhere));
  const [seenId, setSeenId] = useState<string | null>(null);
  if (isThere && seenId !== openId) setSeenId(openId);
  if (openId === null || (!isThere && elsewhere === undefined)) return null;
  if (!isThere) {
    const text = elsewhere ? words.notShown : words.notHere;
    return seenId === openId ? (
      <Vanished text={text} onClose={onClose} />
    ) : (
      <NotThere text={text} onClose={onClose} />
    );
  }
  return (
    <Suspense>
      <Opened
        assets={isHere || !elsewhere ? assets : [elsewhere]}
        openId={openId}
        promptOf={promptOfAsset}
        onOpen={onOpen}
        onClose={onClose}
      />
    </Suspense>
  );
}

function Opened(props: ComponentProps<typeof LightboxType>) {
  // The same for as long as it is open.
  const [Lightbox] = useState(() => loaded ?? LaterLightbox);
  return <Lightbox {...props} />;
}

/** What was looked at is there no more: it was deleted elsewhere. */
function Vanished({ text, onClose }: { text: string; onClose: () => void }) {
  useEffect(() => {
    toast(text);
    onClose();
  }, [text, onClose]);
  return null;
}

function NotThere({ text, onClose }: { text: string; onClose: () => void }) {
  useEffect(() => announce(text), [text]);
  return (
    <div className="px-3 sm:px-6">
      <NoticeLine text={text} onClose={onClose} />
    </div>
  );
}
