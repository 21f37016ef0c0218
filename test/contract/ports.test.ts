import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConnection } from "../../lib/kubeconfig.ts";
import { createSandbox } from "../../lib/local/sandbox/sandbox.ts";
import { createGateWorld, tokenConnection } from "../support/gate-world.ts";
import { connectionTo } from "../support/reconcile/connection.ts";
import { describePorts } from "./ports.ts";

describePorts("the sandbox", async () => {
  const sandbox = await createSandbox({ nodes: false });
  const folder = await mkdtemp(join(tmpdir(), "sluice-ports-"));
  try {
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });
    const { connection } = await loadConnection({ kubeconfig });
    return { connection, stop: () => sandbox.stop() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

describePorts(
  "the sandbox, through a gate",
  async () => {
    const sandbox = await createSandbox({ nodes: false });
    const connection = await tokenConnection(connectionTo(sandbox));
    const world = createGateWorld(connection);
    const stop = async (): Promise<void> => {
      world.close();
      await sandbox.stop();
    };
    return { connection, http: world.http, stop };
  },
  { watch: "refused" },
);
