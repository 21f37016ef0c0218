import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { tellOfAddOns } from "./support/add-ons.ts";
import { type Clone, cloneOf } from "./support/clone.ts";
import { type Dev, startDev } from "./support/dev.ts";
import { shellFor } from "./support/shell.ts";

describe("npm start, the workshop's add-ons", { timeout: 120_000 }, () => {
  let dev: Dev;
  let clone: Clone;
  let shell: ReturnType<typeof shellFor>;

  beforeAll(async () => {
    dev = await startDev([]);
    await dev.ready();
    shell = shellFor(dev.kubeconfig, join(dev.folder, ".sluice", "bin"));
    clone = await cloneOf(dev.printed().cloneUrl);
  });
  afterAll(async () => {
    await clone?.dispose();
    await dev?.dispose();
  });

  tellOfAddOns({ shell: () => shell, clone: () => clone, namespace: "flux-system" });
});
