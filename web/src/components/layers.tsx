import { createContext, use, useState, type ReactNode } from 'react';
import { contentId } from '@/lib/focus';

const Layer = createContext<HTMLElement | null>(null);

/** Where menus and hints are put: inside the open dialog, else inside the page's content. */
export function useLayer(): HTMLElement | null {
  const dialog = use(Layer);
  return dialog ?? document.getElementById(contentId);
}

/** Placed in a dialog, so that what opens from it belongs to it for screen readers too. */
export function DialogLayer({ children }: { children: ReactNode }) {
  const [layer, setLayer] = useState<HTMLElement | null>(null);
  return (
    <Layer value={layer}>
      {children}
      <div ref={setLayer} />
    </Layer>
  );
}
