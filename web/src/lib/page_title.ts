import { useEffect } from 'react';
import { announce } from './announce';
import { useStudio } from './hooks';
import { common } from './messages/common';
import { ownQueue } from './own_queue';
import { Store, useStore } from './store';
import type { Studio } from './studio';

const page = new Store('');

/** Names the page that is open; null leaves that to another part of it. */
export function usePageTitle(name: string | null): void {
  useEffect(() => {
    if (name === null) return;
    if (page.get() !== '' && page.get() !== name) announce(name);
    page.set(() => name);
  }, [name]);
}

function titleOf(name: string, making: number): string {
  const count = making > 0 ? `(${making}) ` : '';
  return name === '' ? `${count}${common.product}` : `${count}${name} · ${common.product}`;
}

const countMaking = (studio: Studio) => ownQueue(studio).length;

/** Keeps the title of the window: how many are being made, then the page. */
export function useWindowTitle(): void {
  const name = useStore(page);
  const making = useStudio(countMaking) ?? 0;
  useEffect(() => {
    document.title = titleOf(name, making);
  }, [name, making]);
}
