import { createHash } from "node:crypto";
import type { ArtifactStore } from "@sluice/engine/ports/artifact-store.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** A store to hold to the contract, and hands behind its back. */
export type StoreUnderTest = {
  readonly store: ArtifactStore;
  /** Where readers outside of us find the artifact of that digest. */
  readonly urlOf: (hex: string) => string;
  /** How many artifacts there are. */
  readonly count: () => Promise<number>;
  /** Puts other bytes in an artifact's place. */
  readonly damage: (hex: string, bytes: Uint8Array) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** What every ArtifactStore owes to the engine. */
export function describeArtifactStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`artifacts in ${name}`, () => {
    let under: StoreUnderTest;
    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.stop());

    it.each<{ what: string; bytes: Buffer }>([
      { what: "some", bytes: Buffer.from("an artifact") },
      { what: "none", bytes: Buffer.alloc(0) },
      { what: "three million", bytes: Buffer.alloc(3_000_000, "some words ") },
    ])("are kept under their digest, once: $what bytes", async ({ bytes }) => {
      const hex = createHash("sha256").update(bytes).digest("hex");
      const stored = { digest: `sha256:${hex}`, size: bytes.length, url: under.urlOf(hex) };
      expect(await under.store.put(bytes)).toEqual(stored);
      expect(await under.store.put(bytes)).toEqual(stored);
      expect(await under.count()).toBe(1);
      expect(Buffer.from((await under.store.get(stored.digest)) ?? "nothing").equals(bytes)).toBe(true);
      expect(await under.store.has(stored.digest)).toBe(true);
    });

    it("may be stored by many at once", async () => {
      const bytes = Buffer.from("an artifact");
      const stored = await Promise.all(Array.from({ length: 10 }, () => under.store.put(bytes)));
      expect(new Set(stored.map(({ digest }) => digest)).size).toBe(1);
      expect(await under.count()).toBe(1);
    });

    it.each([
      "sha256:../../etc/passwd",
      `sha256:${"0".repeat(64)}`,
      `sha256:${"A".repeat(64)}`,
      `sha256:${"0".repeat(64)}.tar.gz`,
      "sha512:00",
      "",
    ])("of %j are not there", async (digest) => {
      await under.store.put(Buffer.from("an artifact"));
      expect(await under.store.get(digest)).toBeUndefined();
      expect(await under.store.has(digest)).toBe(false);
    });

    it.each<{ what: string; bytes: Buffer }>([
      { what: "other bytes", bytes: Buffer.from("tampered") },
      { what: "half of them", bytes: Buffer.from("an art") },
      { what: "none", bytes: Buffer.alloc(0) },
    ])("that do not match their digest are gone, and can be stored again: $what", async ({ bytes }) => {
      const { digest } = await under.store.put(Buffer.from("an artifact"));
      await under.damage(digest.slice("sha256:".length), bytes);
      expect(await under.store.get(digest)).toBeUndefined();
      expect(await under.store.has(digest)).toBe(false);
      await under.store.put(Buffer.from("an artifact"));
      expect(await under.store.has(digest)).toBe(true);
      expect(Buffer.from((await under.store.get(digest)) ?? "nothing").toString()).toBe("an artifact");
    });

    it("that do not match their digest are put right by storing them, before anybody read them", async () => {
      const { digest } = await under.store.put(Buffer.from("an artifact"));
      await under.damage(digest.slice("sha256:".length), Buffer.from("tampered"));
      await under.store.put(Buffer.from("an artifact"));
      expect(Buffer.from((await under.store.get(digest)) ?? "nothing").toString()).toBe("an artifact");
    });
  });
}
