import { useNavigate, useParams } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';
import { layersLeft } from '@/lib/layer_history';
import { useStore } from '@/lib/store';
import { newPlace } from './drafts';
import { open, openStore } from './sending';

const addressOf = (name: string) => ({ to: '/chat/$conversation', params: { conversation: name } }) as const;

/**
 * The conversation that is open is part of the address, so that "back" leads to the one before and a reload opens it again.
 * The page without one opens what was looked at last in this window. Answers what opens another one; null: a new one.
 */
export function useAddress(): (id: string | null) => void {
  const navigate = useNavigate();
  const { conversation: named } = useParams({ strict: false });
  const openId = useStore(openStore);
  /** The address that was followed last. */
  const followed = useRef<string | undefined>(undefined);
  useEffect(() => {
    const wanted = named === undefined || named === newPlace ? null : named;
    const hasChanged = followed.current !== named;
    followed.current = named;
    if (hasChanged && named !== undefined) {
      if (openStore.get() !== wanted) open(wanted);
    } else if (openId !== wanted) {
      // It has begun, or is not there any more, or is the one of last time.
      void navigate({ ...(openId === null ? { to: '/chat' } : addressOf(openId)), replace: true });
    }
  }, [named, navigate, openId]);
  return useCallback((id) => void layersLeft().then(() => navigate(addressOf(id ?? newPlace))), [navigate]);
}
