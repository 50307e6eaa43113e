/** Many calls for the same kind of thing, answered by one query that starts after all of them. */

/**
 * Returns a `get` whose concurrent calls share `load`s. A call waits for a load that begins after it, so that its
 * answer is never older than the call; while one load runs, the calls for the next gather.
 */
export function batched<K, V>(load: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>): (key: K) => Promise<V | null> {
  let waiting: { keys: Set<K>; answer: Promise<ReadonlyMap<K, V>> } | null = null;
  let running: Promise<unknown> = Promise.resolve();

  return async (key) => {
    if (!waiting) {
      const keys = new Set<K>();
      const answer = running.then(async () => {
        waiting = null;
        return load([...keys]);
      });
      running = answer.catch(() => undefined); // The callers are told; the next load runs in any case.
      waiting = { keys, answer };
    }
    const { keys, answer } = waiting;
    keys.add(key);
    return (await answer).get(key) ?? null;
  };
}
