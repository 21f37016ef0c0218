import { epochMs, ms } from "@sluice/engine/domain/time.ts";
import { createMemoryNotes } from "@sluice/platform/memory/notes.ts";
import { createS3Notes } from "@sluice/platform/s3/notes.ts";
import { expect, it } from "vitest";
import { BUCKET, createS3World } from "../unit/platform/s3/s3-world.ts";
import { describeNotes } from "./notes.ts";

describeNotes("memory", async () => {
  let now = 1_000_000;
  return {
    notes: createMemoryNotes({ clock: { now: () => epochMs(now) } }),
    now: () => now,
    pass: async (milliseconds) => {
      now += milliseconds;
    },
    stop: async () => undefined,
  };
});

describeNotes("S3", async () => {
  const world = await createS3World();
  let writes = 0;
  return {
    notes: createS3Notes({ client: world.client, bucket: BUCKET, unique: () => String(++writes) }),
    now: world.clock.now,
    pass: world.clock.advance,
    stop: world.stop,
  };
});

it("memory forgets what is old, and nothing else", async () => {
  let now = 0;
  const notes = createMemoryNotes({ clock: { now: () => epochMs(now) }, ttl: ms(100) });
  await notes.write("old", "a");
  now = 50;
  await notes.write("renewed", "a");
  now = 99;
  await notes.write("renewed", "b", await notes.read("renewed"));
  expect((await notes.read("old"))?.text).toBe("a");
  now = 100;
  expect(await notes.read("old")).toBeUndefined();
  now = 198;
  expect((await notes.read("renewed"))?.text).toBe("b");
  now = 199;
  expect(await notes.read("renewed")).toBeUndefined();
});
