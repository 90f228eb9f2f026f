interface AllOf<Item> {
  /** How many at once; a browser has six connections to a studio, and the app needs some itself. */
  lanes: number;
  onDone: (item: Item) => void;
  isStopped: () => boolean;
}

/** Does the same to each, a few at a time. After a failure nothing more is begun; answers what it was, else null. */
export async function allOf<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<unknown>,
  { lanes, onDone, isStopped }: AllOf<Item>,
): Promise<{ failure: unknown } | null> {
  let next = 0;
  let failed: { failure: unknown } | null = null;
  const lane = async () => {
    while (failed === null && !isStopped()) {
      const item = items[next++];
      if (item === undefined) return;
      try {
        await act(item);
        onDone(item);
      } catch (failure) {
        failed ??= { failure };
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return failed;
}
