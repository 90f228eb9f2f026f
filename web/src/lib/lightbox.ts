import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** The open asset is part of the address, so that "back" closes it and a reload opens it again. */
export function useLightbox() {
  const { view } = useSearch({ from: '__root__' });
  const navigate = useNavigate();
  const open = useCallback(
    (assetId: string) =>
      void navigate({
        to: '.',
        search: (search) => ({ ...search, view: assetId }),
        replace: view !== undefined,
      }),
    [navigate, view],
  );
  const close = useCallback(
    () => void navigate({ to: '.', search: (search) => ({ ...search, view: undefined }), replace: true }),
    [navigate],
  );
  return { openId: view ?? null, open, close };
}
