import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { layersLeft } from './layer_history';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The viewer was opened from the entry before this one, so "back" leads to where it was opened. */
    viewerOpened?: boolean;
  }
}

/** The open asset is part of the address, so that "back" closes it and a reload opens it again. */
export function useLightbox() {
  const { view } = useSearch({ from: '__root__' });
  const close = useCloseLightbox();
  const navigate = useNavigate();
  const { history } = useRouter();
  const open = useCallback(
    (assetId: string) => {
      const isOpen = new URLSearchParams(history.location.search).has('view');
      return void navigate({
        to: '.',
        search: (search) => ({ ...search, view: assetId }),
        state: (before) => (isOpen ? before : { ...before, viewerOpened: true }),
        replace: isOpen,
      });
    },
    [history, navigate],
  );
  return { openId: view ?? null, open, close };
}

/** Closes the viewer if it is open. */
export function useCloseLightbox(): () => void {
  const navigate = useNavigate();
  const { history } = useRouter();
  return useCallback(() => {
    // A menu of the viewer may be closing with it.
    void layersLeft().then(() => {
      if (!new URLSearchParams(history.location.search).has('view')) return;
      if (history.location.state.viewerOpened) history.back();
      else void navigate({ to: '.', search: (search) => ({ ...search, view: undefined }), replace: true });
    });
  }, [history, navigate]);
}
