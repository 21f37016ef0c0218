import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HelmStoredRelease } from "@sluice/engine/domain/helm-release.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { createReleaseStorage } from "@sluice/engine/reconcile/helm-release/storage.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import { createHttp } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import { describe, expect, it } from "vitest";
import { createSandbox } from "../../../../lib/local/sandbox/sandbox.ts";
import { helmOfTests } from "../../../support/helm.ts";
import { connectionTo } from "../../../support/reconcile/connection.ts";

const helm = await helmOfTests();

const revision = (version: number, status: HelmStoredRelease["info"]["status"], colour: string): HelmStoredRelease => ({
  name: "shop",
  namespace: "default",
  version,
  info: {
    first_deployed: "2030-01-01T00:00:00Z",
    last_deployed: `2030-01-01T00:0${version}:00Z`,
    description: version === 1 ? "Install complete" : "Upgrade complete",
    status,
    notes: "be happy",
  },
  chart: {
    metadata: { name: "shop", version: "1.0.0", apiVersion: "v2", appVersion: "2.0" },
    lock: null,
    templates: [],
    values: {},
    schema: null,
    files: null,
  },
  config: { colour },
  manifest: `---\n# Source: shop/templates/config.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\ndata:\n  colour: ${colour}\n`,
  apply_method: "ssa",
});

describe.skipIf(helm === undefined)("the real helm", () => {
  it("lists, shows and rolls back what we have stored, and we read what it stores", { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-helm-"));
    const sandbox = await createSandbox({ nodes: false });
    const http = createHttp(connectionTo(sandbox));
    try {
      await writeFile(join(folder, "kubeconfig"), sandbox.kubeconfig());
      const run = (...words: readonly string[]): Promise<string> =>
        new Promise((resolve, reject) => {
          const env = { HOME: folder, KUBECONFIG: join(folder, "kubeconfig") };
          const child = spawn(helm ?? "", words, { env });
          let said = "";
          child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
          child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
          child.on("close", (code) => (code === 0 ? resolve(said) : reject(new Error(said))));
        });
      const cluster = createCluster(http, createKinds(http));
      const storage = createReleaseStorage(cluster, { releaseName: "shop", storageNamespace: "default" }, { now: () => epochMs(Date.now()) });
      await storage.create({ release: revision(1, "superseded", "red"), labels: {} });
      await storage.create({ release: revision(2, "deployed", "blue"), labels: {} });

      expect(JSON.parse(await run("history", "shop", "-o", "json"))).toMatchObject([
        { revision: 1, status: "superseded", chart: "shop-1.0.0", app_version: "2.0", description: "Install complete" },
        { revision: 2, status: "deployed", chart: "shop-1.0.0", app_version: "2.0", description: "Upgrade complete" },
      ]);
      expect(await run("get", "all", "shop")).toContain("colour: blue");
      await run("rollback", "shop", "1");
      const made = await storage.latest(2);
      expect(made).toMatchObject({
        kind: "found",
        secret: { release: { version: 3, config: { colour: "red" }, info: { status: "deployed", description: "Rollback to 1", notes: "be happy" } } },
      });
      expect(await storage.read(2)).toMatchObject({ secret: { release: { info: { status: "superseded" } } } });
    } finally {
      http.close();
      await sandbox.stop();
      await rm(folder, { recursive: true });
    }
  });
});
