import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import type { Connection } from "@sluice/platform/kubernetes/connection.ts";
import { createHttp } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import { loadConnection } from "../../../lib/kubeconfig.ts";
import { install } from "../../../lib/local/prepare-cluster.ts";
import { createSandbox } from "../../../lib/local/sandbox/sandbox.ts";
import { startApiServer } from "../../support/kubernetes/api-server.ts";
import { startEngine } from "../../support/start-engine.ts";

export type ClusterName = "sandbox" | "real";
export type Running = { readonly connection: Connection; stop(): Promise<void> };

const run = promisify(execFile);

/** A cluster without nodes that Sluice looks after. */
export async function startCluster(name: ClusterName, log: string | undefined): Promise<Running> {
  const cluster = name === "sandbox" ? await startSandbox() : await startReal();
  try {
    const http = createHttp(cluster.connection);
    await install(createCluster(http, createKinds(http)), { namespace: "flux-system", version: "v0.0.0", image: "sluice" });
    http.close();
    const engine = await startEngine(cluster.connection, log === undefined ? {} : { log });
    await engine.start();
    return {
      connection: cluster.connection,
      stop: async () => {
        await engine.stop();
        await cluster.stop();
      },
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function startSandbox(): Promise<Running> {
  const sandbox = await createSandbox({ nodes: false });
  const folder = await mkdtemp(join(tmpdir(), "sluice-conformance-"));
  try {
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });
    const { connection } = await loadConnection({ kubeconfig });
    return { connection, stop: () => sandbox.stop() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** kube-apiserver, etcd and kube-controller-manager; built when KUBEBUILDER_ASSETS does not name them. */
async function startReal(): Promise<Running> {
  const script = new URL("../../support/kubernetes/assets", import.meta.url).pathname;
  const assets = process.env.KUBEBUILDER_ASSETS || (await run(script)).stdout.trim();
  const server = await startApiServer({ assets });
  const { connection } = await loadConnection({ kubeconfig: server.kubeconfig });
  return { connection, stop: () => server.stop() };
}
