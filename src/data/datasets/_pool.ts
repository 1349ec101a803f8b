/** Work on many items, a few at a time. */

/**
 * Runs `work` on every item, at most `width` at once.
 * @returns the results in the order of the items; the first error rejects, and no further item is begun
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const at = next++;
      results[at] = await work(items[at]!);
    }
  };
  const lanes = Array.from({ length: Math.min(width, items.length) }, () =>
    lane().catch((error) => {
      failed = true;
      throw error;
    }),
  );
  // All lanes end before the error is passed on: nothing writes behind the caller's back.
  const ends = await Promise.allSettled(lanes);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return results;
}
