import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Asset } from '@/api/types';
import { AssetTile } from '@/components/assets/asset_tile';
import { gridHelpId, useRoving } from '@/lib/hooks';
import { common } from '@/lib/messages/common';
import { promptOfAsset } from '@/lib/asset_prompt';
import { scrollMemory, useScrollMemory } from '@/lib/scroll_memory';

const gapPx = 8;
const rowsAhead = 3;

/** How many square tiles stand beside each other: two on a phone, more on a wide screen. */
function columnsFor(width: number): number {
  return Math.max(2, Math.min(8, Math.floor(width / (width < 640 ? 160 : 220))));
}

function useWidth() {
  const element = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const watched = element.current;
    if (!watched) return;
    const measure = () => setWidth(watched.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(watched);
    return () => observer.disconnect();
  }, []);
  return { element, width };
}

interface LibraryGridProps {
  label: string;
  /** Names what is shown, for its place in it. */
  place: string;
  items: readonly Asset[];
  onOpen: (assetId: string) => void;
  /** Called when the last rows come near. */
  onEnd: () => void;
}

/** Only the rows in sight exist in the page, however many assets there are. */
export const LibraryGrid = memo(function LibraryGrid(props: LibraryGridProps) {
  const { label, place, items, onOpen, onEnd } = props;
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  useScrollMemory(scroller, place);
  const { element, width } = useWidth();
  const roving = useRoving();
  const columns = columnsFor(width);
  const side = Math.max(0, (width - gapPx * (columns - 1)) / columns);
  const rows = Math.ceil(items.length / columns);
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer is read in this component alone
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller,
    estimateSize: () => side + gapPx,
    overscan: rowsAhead,
    initialOffset: () => scrollMemory.get(place) ?? 0,
  });
  useLayoutEffect(() => virtual.measure(), [virtual, side]);
  const shown = virtual.getVirtualItems();
  const lastRow = shown.at(-1)?.index ?? -1;
  useEffect(() => {
    if (rows > 0 && lastRow >= rows - rowsAhead) onEnd();
  }, [lastRow, rows, onEnd]);
  return (
    <div ref={setScroller} className="min-h-0 flex-1 overflow-y-auto px-3 pb-4 sm:px-6">
      <div ref={element}>
        <p id={gridHelpId} className="sr-only">
          {common.gridHelp}
        </p>
        <ul
          ref={roving}
          aria-label={label}
          aria-describedby={gridHelpId}
          className="relative"
          style={{ height: virtual.getTotalSize() }}
        >
          {shown.flatMap((row) =>
            items.slice(row.index * columns, (row.index + 1) * columns).map((asset, column) => (
              <li
                key={asset.id}
                aria-setsize={items.length}
                aria-posinset={row.index * columns + column + 1}
                className="group absolute overflow-hidden rounded-md bg-surface-raised"
                style={{
                  width: side,
                  height: side,
                  transform: `translate(${column * (side + gapPx)}px, ${row.start}px)`,
                }}
              >
                <AssetTile asset={asset} prompt={promptOfAsset(asset)} onOpen={onOpen} />
              </li>
            )),
          )}
        </ul>
      </div>
    </div>
  );
});
