import { createHash } from "node:crypto";
import { createS3ArtifactStore } from "@sluice/platform/s3/artifact-store.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, createS3World } from "./s3-world.ts";

const DAY = 24 * 3_600_000;
const bytes = Buffer.from("an artifact");
const hex = createHash("sha256").update(bytes).digest("hex");
const digest = `sha256:${hex}`;
const key = `artifacts/${hex}.tar.gz`;
const storeOf = ({ client, clock }: Awaited<ReturnType<typeof createS3World>>) => createS3ArtifactStore({ client, bucket: BUCKET, now: clock.now });

let world: Awaited<ReturnType<typeof createS3World>>;
beforeEach(async () => {
  world = await createS3World();
});
afterEach(() => world.stop());

/** What it owes as every ArtifactStore does is in test/contract. */
describe("artifacts on S3", () => {
  it("are written once, and asked about by HEAD", async () => {
    const store = storeOf(world);
    await store.put(bytes);
    expect(world.asked()).toEqual(["PutObject 200"]);
    await store.put(bytes);
    expect(world.asked()).toEqual(["PutObject 412", "HeadObject 200"]);
    await store.has(digest);
    expect(world.asked()).toEqual(["HeadObject 200"]);
  });

  it.each(["PreconditionFailed", "ConditionalRequestConflict"])("that somebody else writes right now are there in the end: %s", async (code) => {
    world.aws.faults.add({
      service: "s3",
      operation: "PutObject",
      times: 1,
      effect: { kind: "fail", status: code === "PreconditionFailed" ? 412 : 409, code },
    });
    expect((await storeOf(world).put(bytes)).digest).toBe(digest);
    expect(await storeOf(world).has(digest)).toBe(true);
  });

  it.each<{ use: "has" | "put"; days: number; want: readonly string[] }>([
    { use: "has", days: 6, want: ["HeadObject 200"] },
    { use: "has", days: 8, want: ["HeadObject 200", "GetObject 200", "PutObject 200"] },
    { use: "put", days: 6, want: ["PutObject 412", "HeadObject 200"] },
    { use: "put", days: 8, want: ["PutObject 412", "HeadObject 200", "PutObject 200"] },
  ])("that are used stay young: $use after $days days", async ({ use, days, want }) => {
    const store = storeOf(world);
    await store.put(bytes);
    world.asked();
    await world.clock.advance(days * DAY);
    const useIt = (): Promise<unknown> => (use === "has" ? store.has(digest) : store.put(bytes));
    await useIt();
    expect(world.asked()).toEqual(want);
    // Once more: it is young again, or still is.
    await useIt();
    expect(world.asked()).toEqual(want.slice(0, use === "has" ? 1 : 2));
  });

  it("are gone when their bytes turn out damaged while they are made young, whatever S3 said of them", async () => {
    const store = storeOf(world);
    await store.put(bytes);
    await world.clock.advance(8 * DAY);
    world.aws.faults.add({ service: "s3", operation: "GetObject", times: 1, effect: { kind: "lie", answer: (truth) => ({ ...truth, body: "an artifacT" }) } });
    expect(await store.has(digest)).toBe(false);
    expect(world.aws.s3.keys(BUCKET)).toEqual([]);
  });

  it("that S3 gives back damaged count as lost, and are removed", async () => {
    const store = storeOf(world);
    await store.put(bytes);
    world.aws.faults.add({ service: "s3", operation: "GetObject", times: 1, effect: { kind: "lie", answer: (truth) => ({ ...truth, body: "an artifacT" }) } });
    expect(await store.get(digest)).toBeUndefined();
    expect(await store.get(digest)).toBeUndefined();
    expect(world.aws.s3.keys(BUCKET)).toEqual([]);
  });

  it("that somebody put right in the meantime stay", async () => {
    world.aws.s3.put(BUCKET, key, Buffer.from("tampered"));
    world.aws.faults.add({
      service: "s3",
      operation: "DeleteObject",
      when: () => {
        world.aws.s3.put(BUCKET, key, bytes);
        return false;
      },
      effect: { kind: "throttle" },
    });
    await storeOf(world).get(digest);
    expect(world.asked()).toEqual(["GetObject 200", "DeleteObject 412"]);
    expect(world.aws.s3.read(BUCKET, key)?.toString()).toBe("an artifact");
  });

  it("stay where they are when a reader without the right to remove finds them damaged", async () => {
    world.aws.s3.put(BUCKET, key, Buffer.from("tampered"));
    world.aws.faults.add({ service: "s3", operation: "DeleteObject", effect: { kind: "fail", status: 403, code: "AccessDenied" } });
    expect(await storeOf(world).get(digest)).toBeUndefined();
    expect(world.aws.s3.keys(BUCKET)).toEqual([key]);
  });

  it.each<{ what: string; operation: string; use: "get" | "has" | "put" }>([
    { what: "slow down", operation: "GetObject", use: "get" },
    { what: "slow down", operation: "HeadObject", use: "has" },
    { what: "slow down", operation: "PutObject", use: "put" },
    { what: "an error of its own", operation: "GetObject", use: "get" },
    { what: "an error of its own", operation: "PutObject", use: "put" },
    { what: "nothing, and did nothing", operation: "GetObject", use: "get" },
    { what: "nothing, and did nothing", operation: "HeadObject", use: "has" },
    { what: "nothing, and did it", operation: "PutObject", use: "put" },
    { what: "half of it", operation: "GetObject", use: "get" },
  ])("are asked for again when S3 answers $what: $operation", async ({ what, operation, use }) => {
    const store = storeOf(world);
    if (use !== "put") await store.put(bytes);
    const effects = {
      "slow down": { kind: "throttle" },
      "an error of its own": { kind: "fail", status: 500, code: "InternalError" },
      "nothing, and did nothing": { kind: "drop", when: "before" },
      "nothing, and did it": { kind: "drop", when: "after" },
      "half of it": {
        kind: "lie",
        answer: (truth: { status: number; headers: Record<string, string> }) => ({
          ...truth,
          headers: { ...truth.headers, "content-length": "11" },
          body: "an art",
        }),
      },
    } as const;
    const effect = Object.entries(effects).find(([name]) => name === what)?.[1];
    if (effect === undefined) throw new Error(what);
    world.aws.faults.add({ service: "s3", operation, times: 1, effect });
    const answer = use === "get" ? await store.get(digest) : use === "has" ? await store.has(digest) : (await store.put(bytes)).digest;
    expect(answer instanceof Uint8Array ? Buffer.from(answer).toString() : answer).toBe({ get: "an artifact", has: true, put: digest }[use]);
    expect(world.aws.s3.read(BUCKET, key)?.toString()).toBe("an artifact");
  });

  it.each<{ use: "get" | "has" | "put"; operation: string; status: number; code: string }>([
    { use: "get", operation: "GetObject", status: 403, code: "AccessDenied" },
    { use: "has", operation: "HeadObject", status: 403, code: "AccessDenied" },
    { use: "put", operation: "PutObject", status: 403, code: "AccessDenied" },
    { use: "get", operation: "GetObject", status: 404, code: "NoSuchBucket" },
    { use: "put", operation: "PutObject", status: 404, code: "NoSuchBucket" },
    { use: "put", operation: "PutObject", status: 400, code: "BadDigest" },
  ])("are not taken for absent when S3 says $code to $operation", async ({ use, operation, status, code }) => {
    world.aws.faults.add({ service: "s3", operation, effect: { kind: "fail", status, code } });
    const store = storeOf(world);
    await expect(use === "put" ? store.put(bytes) : store[use](digest)).rejects.toThrow();
  });

  it("cannot be told from forbidden ones without the right to list: that is no answer", async () => {
    const other = await createS3World({ mayList: false });
    await expect(storeOf(other).get(digest)).rejects.toThrow("Access Denied");
    await expect(storeOf(other).has(digest)).rejects.toThrow();
    await other.stop();
  });
});
