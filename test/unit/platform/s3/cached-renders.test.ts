import { cachedRenders } from "@sluice/platform/s3/cached-renders.ts";
import { describe, expect, it } from "vitest";

/** A store that notes what it is asked for. */
function createStore() {
  const stored = new Map<string, Uint8Array>();
  const asked: string[] = [];
  return {
    asked,
    remember: async (inputs: string, bytes: Uint8Array) => void stored.set(inputs, bytes),
    recall: async (inputs: string) => {
      asked.push(inputs);
      return stored.get(inputs);
    },
  };
}

const of = (size: number): Uint8Array => Buffer.alloc(size);
const KEYS = ["sha256:a", "sha256:b", "sha256:c"] as const;

describe("cachedRenders", () => {
  it.each<{ why: string; recalls: readonly string[]; sizes: readonly [number, number, number]; want: readonly string[] }>([
    { why: "what fits is asked for once", recalls: [...KEYS, ...KEYS], sizes: [30, 30, 40], want: KEYS },
    {
      why: "what was not used for the longest time goes",
      recalls: ["sha256:a", "sha256:b", "sha256:a", "sha256:c", "sha256:a", "sha256:b"],
      sizes: [40, 40, 40],
      want: [...KEYS, "sha256:b"],
    },
    {
      why: "what is too large is not kept, and drives nothing out but the rest",
      recalls: ["sha256:a", "sha256:a", "sha256:b", "sha256:b"],
      sizes: [101, 40, 40],
      want: ["sha256:a", "sha256:a", "sha256:b"],
    },
    {
      why: "keys that are written again are always asked for",
      recalls: ["confirmed/1", "confirmed/1"],
      sizes: [1, 1, 1],
      want: ["confirmed/1", "confirmed/1"],
    },
    { why: "what is not there is asked for again", recalls: ["sha256:x", "sha256:x"], sizes: [1, 1, 1], want: ["sha256:x", "sha256:x"] },
  ])("$why", async ({ recalls, sizes, want }) => {
    const store = createStore();
    for (const [index, key] of KEYS.entries()) await store.remember(key, of(sizes[index] ?? 0));
    await store.remember("confirmed/1", of(1));
    const renders = cachedRenders(store, 100);
    for (const key of recalls) await renders.recall(key);
    expect(store.asked).toEqual(want);
  });

  it("keeps what was just remembered, and hands on what must not be kept", async () => {
    const store = createStore();
    const renders = cachedRenders(store, 100);
    await renders.remember("sha256:a", Buffer.from("a"));
    await renders.remember("confirmed/1", Buffer.from("old"));
    await store.remember("confirmed/1", Buffer.from("new"));
    expect(Buffer.from((await renders.recall("sha256:a")) ?? "").toString()).toBe("a");
    expect(Buffer.from((await renders.recall("confirmed/1")) ?? "").toString()).toBe("new");
    expect(store.asked).toEqual(["confirmed/1"]);
  });

  it("keeps nothing that could not be stored", async () => {
    const renders = cachedRenders({ remember: () => Promise.reject(new Error("silence")), recall: async () => undefined }, 100);
    await expect(renders.remember("sha256:a", of(1))).rejects.toThrow("silence");
    expect(await renders.recall("sha256:a")).toBeUndefined();
  });
});
