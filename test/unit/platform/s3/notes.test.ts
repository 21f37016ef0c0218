import { createS3Notes } from "@sluice/platform/s3/notes.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, createS3World } from "./s3-world.ts";

let world: Awaited<ReturnType<typeof createS3World>>;
let writes: number;
beforeEach(async () => {
  writes = 0;
  world = await createS3World();
});
afterEach(() => world.stop());
const notes = () => createS3Notes({ client: world.client, bucket: BUCKET, unique: () => String(++writes) });

/** The contract, which memory has, too, is test/contract/notes.ts; here is what only S3 can do. */
describe("notes on S3", () => {
  it("lie where the lifecycle and the functions' rights look for them", async () => {
    for (const key of ["events/0", "failing/prod/uid", "receivers/0db9"]) await notes().write(key, "a");
    expect(world.aws.s3.keys(BUCKET)).toEqual(["notes/events/0", "notes/failing/prod/uid", "receivers/0db9"]);
  });

  it("a write whose answer was lost is known again as one's own", async () => {
    world.aws.faults.add({ service: "s3", operation: "PutObject", times: 1, effect: { kind: "drop", when: "after" } });
    expect(await notes().write("events/0", "a")).toBe(true);
    expect(world.asked()).toEqual(["PutObject dropped", "PutObject 412", "GetObject 200"]);
    const seen = await notes().read("events/0");
    world.aws.faults.add({ service: "s3", operation: "PutObject", times: 1, effect: { kind: "drop", when: "after" } });
    expect(await notes().write("events/0", "a", seen)).toBe(true);
  });

  it("one of somebody else's with the same text is not", async () => {
    await notes().write("events/0", "a");
    expect(await notes().write("events/0", "a")).toBe(false);
  });

  const conflict = { kind: "fail", status: 409, code: "ConditionalRequestConflict" } as const;
  it("is written once more where S3 asks for it", async () => {
    world.aws.faults.add({ service: "s3", operation: "PutObject", times: 1, effect: conflict });
    expect(await notes().write("events/0", "a")).toBe(true);
  });
  it("somebody else is let win in the end", async () => {
    world.aws.faults.add({ service: "s3", operation: "PutObject", effect: conflict });
    expect(await notes().write("events/0", "a")).toBe(false);
    expect(world.asked()).toEqual(Array(3).fill("PutObject 409"));
  });

  it.each(["AccessDenied", "NoSuchBucket"])("that S3 says %s is no answer", async (code) => {
    world.aws.faults.add({ service: "s3", effect: { kind: "fail", status: code === "AccessDenied" ? 403 : 404, code } });
    await expect(notes().read("events/0")).rejects.toThrow(code);
    await expect(notes().write("events/0", "a")).rejects.toThrow(code);
    await expect(notes().remove("events/0")).rejects.toThrow(code);
  });
});
