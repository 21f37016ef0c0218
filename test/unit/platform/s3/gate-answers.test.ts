import { createS3GateAnswers } from "@sluice/platform/s3/gate-answers.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, createS3World } from "./s3-world.ts";

const KEY = "gate/01234567-89ab-cdef-0123-456789abcdef";
const BYTES = Buffer.from("sealed");

let world: Awaited<ReturnType<typeof createS3World>>;
beforeEach(async () => {
  world = await createS3World();
});
afterEach(() => world.stop());

describe("an answer of a gate on S3", () => {
  it("is had once, and gone then", async () => {
    const answers = createS3GateAnswers(world.client, BUCKET);
    await answers.put(KEY, BYTES);
    expect(Buffer.from(await answers.take(KEY)).equals(BYTES)).toBe(true);
    expect(world.asked()).toEqual(["PutObject 200", "GetObject 200", "DeleteObject 204"]);
    await expect(answers.take(KEY)).rejects.toThrow(`s3://${BUCKET}/${KEY}: the gate's answer is not there`);
  });

  it("that cannot be removed is had all the same: the lifecycle removes it", async () => {
    const answers = createS3GateAnswers(world.client, BUCKET);
    await answers.put(KEY, BYTES);
    world.aws.faults.add({ service: "s3", operation: "DeleteObject", times: 1, effect: { kind: "fail", status: 403, code: "AccessDenied" } });
    expect(Buffer.from(await answers.take(KEY)).equals(BYTES)).toBe(true);
  });
});
