import { createOpenArtifacts } from "@sluice/engine/reconcile/kustomization/open-artifacts.ts";
import { packArtifact } from "@sluice/engine/source/archive.ts";
import { describe, expect, it } from "vitest";

const packed = (text: string): Uint8Array => packArtifact(new Map([["a.yaml", { bytes: Buffer.from(text), executable: false }]]));
const BYTES = new Map([
  ["one", packed("1")],
  ["two", packed("2")],
  ["broken", Buffer.from("no archive")],
]);

function counted() {
  const asked: string[] = [];
  const open = createOpenArtifacts({
    put: () => Promise.reject(new Error("not here")),
    has: () => Promise.reject(new Error("not here")),
    get: async (digest) => {
      asked.push(digest);
      if (digest === "fault" && asked.length === 1) throw new Error("no answer");
      return BYTES.get(digest === "fault" ? "one" : digest);
    },
  }).open;
  return { asked, open };
}

describe("an artifact that is opened", () => {
  it("is fetched once for all who ask, also while it is being opened", async () => {
    const { asked, open } = counted();
    const all = await Promise.all([open("one"), open("one"), open("one")]);
    expect(await open("one")).toBe(all[0]);
    expect(asked).toEqual(["one"]);
    expect(all[0]).toMatchObject({ kind: "open" });
  });

  it("makes room for the next", async () => {
    const { asked, open } = counted();
    for (const digest of ["one", "two", "two", "one"]) await open(digest);
    expect(asked).toEqual(["one", "two", "one"]);
  });

  it.each([
    ["gone", { kind: "vanished" }],
    ["broken", { kind: "broken", problem: "the archive is not gzip" }],
  ])("%s is asked for again", async (digest, want) => {
    const { asked, open } = counted();
    expect(await open(digest)).toEqual(want);
    expect(await open(digest)).toEqual(want);
    expect(asked).toEqual([digest, digest]);
  });

  it("is asked for again after a fault", async () => {
    const { open } = counted();
    await expect(open("fault")).rejects.toThrow("no answer");
    expect(await open("fault")).toMatchObject({ kind: "open" });
  });
});
