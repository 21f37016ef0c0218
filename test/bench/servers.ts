import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "@sluice/platform/kubernetes/connection.ts";
import { loadConnection } from "../../lib/kubeconfig.ts";
import { createSandbox } from "../../lib/local/sandbox/sandbox.ts";
import { startApiServer } from "../support/kubernetes/api-server.ts";

export const SERVERS = ["sandbox", "real"] as const;
export type ServerName = (typeof SERVERS)[number];

export type Server = {
  readonly name: ServerName;
  readonly kubeconfig: string;
  readonly connection: Connection;
  /** Requests by verb as the server counted them; undefined where it does not. */
  readonly counted?: () => { readonly [verb: string]: number };
  stop(): Promise<void>;
};

/** An API server of its own for a run of the benchmark. */
export const openServer = (name: ServerName): Promise<Server> => (name === "sandbox" ? openSandbox() : openReal());

/** In this process, as `npm start` has it: what it costs stands in the figures. */
async function openSandbox(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-bench-"));
  const sandbox = await createSandbox({ nodes: false });
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });
  const { connection } = await loadConnection({ kubeconfig });
  const stop = async (): Promise<void> => {
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { name: "sandbox", kubeconfig, connection, counted: sandbox.requests.counts, stop };
}

async function openReal(): Promise<Server> {
  const assets = process.env.KUBEBUILDER_ASSETS;
  if (assets === undefined || assets === "")
    throw new Error(
      "KUBEBUILDER_ASSETS does not name the folder with kube-apiserver and etcd: test/support/kubernetes/assets makes one; or use --server sandbox",
    );
  const server = await startApiServer({ assets });
  const { connection } = await loadConnection({ kubeconfig: server.kubeconfig });
  return { name: "real", kubeconfig: server.kubeconfig, connection, stop: server.stop };
}
