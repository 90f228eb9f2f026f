import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { scrollMemory } from '@/lib/scroll_memory';

const nearEndPx = 80;

const belowOf = (element: HTMLElement): number =>
  element.scrollHeight - element.scrollTop - element.clientHeight;

/**
 * Follows the words as they come, unless the reader has scrolled up: that place is kept, under the name of `place`. What
 * the reader sends (while `sending`) is always gone to.
 */
export function useStickToEnd(element: HTMLElement | null, place: string, sending: boolean) {
  const follow = useRef(true);
  const [atEnd, setAtEnd] = useState(true);
  const goToEnd = useCallback(() => {
    follow.current = true;
    scrollMemory.set(place, null);
    element?.scrollTo({ top: element.scrollHeight });
  }, [element, place]);
  useLayoutEffect(() => {
    const content = element?.firstElementChild;
    if (!element || !content) return;
    const before = scrollMemory.get(place);
    follow.current = before === null;
    element.scrollTo({ top: before ?? element.scrollHeight });
    let lastTop = element.scrollTop;
    const look = () => setAtEnd(follow.current || belowOf(element) < nearEndPx);
    const scrolled = () => {
      // Only going up leaves the end. More may have come below before this is told of our own going down.
      const wentUp = element.scrollTop < lastTop;
      lastTop = element.scrollTop;
      if (belowOf(element) < nearEndPx) follow.current = true;
      else if (wentUp) follow.current = false;
      scrollMemory.set(place, follow.current ? null : element.scrollTop);
      look();
    };
    const observer = new ResizeObserver(() => {
      if (follow.current) element.scrollTo({ top: element.scrollHeight });
      look();
    });
    observer.observe(content);
    observer.observe(element);
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  }, [element, place]);
  useLayoutEffect(() => {
    if (sending) goToEnd();
  }, [sending, goToEnd]);
  return { atEnd, goToEnd };
}
