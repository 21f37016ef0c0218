import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKustomizer } from "@sluice/engine/build/kustomize/build.ts";
import { DEFAULT_SETTINGS, type Settings } from "@sluice/engine/reconcile/settings.ts";
import { createSmartRemotes } from "@sluice/platform/git/smart-remotes.ts";
import { createChartRepositories } from "@sluice/platform/helm/chart-repositories.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import type { Connection } from "@sluice/platform/kubernetes/connection.ts";
import { createArtifactFolder, createRenderFolder } from "@sluice/platform/node/artifact-folder.ts";
import { createHost, type Host, systemClock } from "../../lib/local/host.ts";
import { createLogFile } from "../../lib/local/log-file.ts";

export type EngineOptions = {
  readonly settings?: Partial<Settings>;
  readonly log?: string;
};

/** The engine of the local mode on any cluster, without the rest of it: what conformance runs and benchmarks look at. */
export async function startEngine(connection: Connection, options: EngineOptions = {}): Promise<Host> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-engine-"));
  const http = createHttp();
  const now = systemClock.now;
  const host = createHost({
    connection,
    clusterName: "test",
    git: createSmartRemotes({ http }),
    artifacts: createArtifactFolder({ folder: join(folder, "artifacts"), url: () => "http://127.0.0.1", now }),
    renders: createRenderFolder({ folder: join(folder, "renders"), now }),
    charts: createChartRepositories({ http }),
    kustomizer: createKustomizer(),
    log: createLogFile(options.log ?? join(folder, "log.jsonl"), systemClock),
    settings: { ...DEFAULT_SETTINGS, ...options.settings },
    parallel: 8,
  });
  return {
    ...host,
    stop: async () => {
      await host.stop();
      http.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
