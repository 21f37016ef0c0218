import type { RenderStore } from "@sluice/engine/ports/artifact-store.ts";

/** Named by a digest of its content's inputs: what such a key says once, it says for ever. Other keys are written again and again, by anybody. */
const isFinal = (inputs: string): boolean => inputs.startsWith("sha256:");

/** Keeps the renders that were used last in memory, `limit` bytes of them in all; a sandbox that sweeps the same cluster each minute asks for the same ones. */
export function cachedRenders(store: RenderStore, limit: number): RenderStore {
  /** Least recently used first. */
  const kept = new Map<string, Uint8Array>();
  let size = 0;

  function keep(inputs: string, bytes: Uint8Array): void {
    size += bytes.length - (kept.get(inputs)?.length ?? 0);
    kept.delete(inputs);
    kept.set(inputs, bytes);
    for (const [oldest, { length }] of kept) {
      if (size <= limit) return;
      kept.delete(oldest);
      size -= length;
    }
  }

  return {
    remember: async (inputs, bytes) => {
      await store.remember(inputs, bytes);
      if (isFinal(inputs)) keep(inputs, bytes);
    },
    recall: async (inputs) => {
      const bytes = kept.get(inputs) ?? (await store.recall(inputs));
      if (bytes !== undefined && isFinal(inputs)) keep(inputs, bytes);
      return bytes;
    },
  };
}
