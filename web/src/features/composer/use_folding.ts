import { useEffect, useRef, useState } from 'react';
import { useMediaQuery } from '@/lib/hooks';
import { promptFieldId } from '@/lib/reuse';

/** What opens from the composer and lies elsewhere in the page. */
const belongs = '[data-radix-popper-content-wrapper], [role="dialog"]';

/** On a low screen the composer is one line until somebody writes in it, and again when they turn to something else. */
export function useFolding() {
  const form = useRef<HTMLFormElement>(null);
  const isLow = useMediaQuery('(max-height: 34rem)');
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    if (!isLow) return;
    const turned = ({ type, target }: Event) => {
      if (!(target instanceof Element) || target.closest(belongs)) return;
      if (!form.current?.contains(target)) setWanted(false);
      else if (type === 'focusin' && target.id === promptFieldId) setWanted(true);
    };
    document.addEventListener('focusin', turned);
    document.addEventListener('pointerdown', turned);
    return () => {
      document.removeEventListener('focusin', turned);
      document.removeEventListener('pointerdown', turned);
    };
  }, [isLow]);
  return { form, folded: isLow && !wanted };
}
