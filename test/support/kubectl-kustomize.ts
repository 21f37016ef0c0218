import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { seconds } from "@sluice/engine/domain/time.ts";
import type { Kustomize } from "@sluice/engine/ports/kustomize.ts";
import { findKubectl } from "@sluice/platform/node/find-kubectl.ts";
import { createKubectlKustomize } from "@sluice/platform/node/kubectl-kustomize.ts";

/** The real kustomize, as `npm start` builds with it. */
export const createTestKustomize = (): Kustomize =>
  createKubectlKustomize({
    kubectl: () =>
      findKubectl({
        platform: process.platform,
        architecture: process.arch,
        path: process.env.PATH ?? "",
        cache: join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "sluice"),
      }),
    temporary: tmpdir(),
    timeout: seconds(60),
    maxOutput: 64 * 1024 * 1024,
  });
