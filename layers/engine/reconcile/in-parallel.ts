/**
 * `run` over all `items`, at most `width` at a time; results in the order of the items. The first exception ends it: nothing is begun after it, and it is
 * thrown once all that was under way has ended. Whoever is done with a run can rely on it that nothing of it goes on behind its back.
 */
export async function inParallel<Item, Value>(items: readonly Item[], width: number, run: (item: Item) => Promise<Value>): Promise<readonly Value[]> {
  const results: Value[] = new Array(items.length);
  const queue = items.entries();
  const broken: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (broken.length > 0) return;
      results[index] = await run(item);
    }
  };
  const lanes = Array.from({ length: Math.min(width, items.length) }, () => lane().catch((error: unknown) => void broken.push(error)));
  await Promise.all(lanes);
  if (broken.length > 0) throw broken[0];
  return results;
}
