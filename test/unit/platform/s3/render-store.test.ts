import { createS3RenderStore } from "@sluice/platform/s3/render-store.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, createS3World } from "./s3-world.ts";

const bytes = Buffer.from('{"manifests":[]}');
let world: Awaited<ReturnType<typeof createS3World>>;
beforeEach(async () => {
  world = await createS3World();
});
afterEach(() => world.stop());
const renders = (prefix: "renders" | "indexes" = "renders") => createS3RenderStore({ client: world.client, bucket: BUCKET, prefix });
const recalled = async (inputs: string): Promise<string | undefined> => {
  const found = await renders().recall(inputs);
  return found === undefined ? undefined : Buffer.from(found).toString();
};

describe("renders on S3", () => {
  it("are found by what went into them, whatever letters that has", async () => {
    expect(await recalled("sha256:00")).toBeUndefined();
    await renders().remember("sha256:00", bytes);
    await renders().remember("confirmed/../../ä\u0000", Buffer.from("b"));
    expect(await recalled("sha256:00")).toBe(bytes.toString());
    expect(await recalled("confirmed/../../ä\u0000")).toBe("b");
    for (const key of world.aws.s3.keys(BUCKET)) expect(key).toMatch(/^renders\/[0-9a-f]{64}$/);
  });

  it("are not found where others write", async () => {
    await renders("indexes").remember("sha256:00", bytes);
    expect(await recalled("sha256:00")).toBeUndefined();
    expect(world.aws.s3.keys(BUCKET)).toEqual([expect.stringMatching(/^indexes\/[0-9a-f]{64}$/)]);
  });

  it("are written over", async () => {
    await renders().remember("confirmed/uid", Buffer.from("a"));
    await renders().remember("confirmed/uid", Buffer.from("b"));
    expect(await recalled("confirmed/uid")).toBe("b");
  });

  it.each([Buffer.from("half"), Buffer.alloc(0), Buffer.concat([Buffer.alloc(32), bytes])])("are lost when damaged", async (damaged) => {
    await renders().remember("sha256:00", bytes);
    world.aws.s3.put(BUCKET, world.aws.s3.keys(BUCKET)[0] ?? "", damaged);
    expect(await recalled("sha256:00")).toBeUndefined();
  });

  it("that are empty are not lost", async () => {
    await renders().remember("sha256:00", Buffer.alloc(0));
    expect(await recalled("sha256:00")).toBe("");
  });

  it.each(["AccessDenied", "NoSuchBucket"])("are not taken for absent when S3 says %s", async (code) => {
    world.aws.faults.add({ service: "s3", operation: "GetObject", effect: { kind: "fail", status: code === "AccessDenied" ? 403 : 404, code } });
    await expect(recalled("sha256:00")).rejects.toThrow(code);
  });
});
