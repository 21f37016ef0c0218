/** `run` over all `items`, at most `width` at a time; results in the order of the items. The first exception ends it. */
export async function inParallel<Item, Value>(items: readonly Item[], width: number, run: (item: Item) => Promise<Value>): Promise<readonly Value[]> {
  const results: Value[] = new Array(items.length);
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
