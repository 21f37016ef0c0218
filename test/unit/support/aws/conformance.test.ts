import { afterAll, describe, expect, it } from "vitest";
import { checksAt } from "../../../aws/conformance/checks.ts";
import { openOurWorld } from "../../../aws/conformance/our-world.ts";

const { world, now, stop } = await openOurWorld();
afterAll(stop);

describe("the AWS fake does what AWS documents", () => {
  it.each(checksAt(now))("$id", async ({ want, run }) => {
    expect(await run(world)).toBe(want);
  });
});
