import { createHash } from "node:crypto";
import { buildManifests } from "@sluice/engine/build/build-manifests.ts";
import type { Result } from "@sluice/engine/domain/result.ts";
import type { Tree } from "@sluice/engine/domain/tree.ts";
import type { Kustomize, KustomizeBuild } from "@sluice/engine/ports/kustomize.ts";
import type { Files } from "./workload.ts";

/** `kubectl`: as `npm start` builds. `ahead`: kubectl has built everything before the clock starts, so that what is measured is the rest. */
export type BuildMode = "kubectl" | "ahead";

/** A builder that says what its builds took, or that has them done ahead. */
export type Builds = Kustomize & {
  /** For the builds of `files` at `paths` that come next. */
  begin(mode: BuildMode, files: Files, paths: readonly string[]): Promise<void>;
  /** Milliseconds in which at least one build ran, since `begin`. */
  spent(): number;
};

export function createBuilds(inner: Kustomize): Builds {
  const done = new Map<string, Result<KustomizeBuild>>();
  let mode: BuildMode = "kubectl";
  let running = 0;
  let since = 0;
  let spent = 0;

  async function timed(tree: Tree, path: string): Promise<Result<KustomizeBuild>> {
    if (running++ === 0) since = performance.now();
    try {
      return await inner.build(tree, path);
    } finally {
      if (--running === 0) spent += performance.now() - since;
    }
  }

  const recorder: Kustomize = {
    build: async (tree, path) => {
      const built = await inner.build(tree, path);
      done.set(keyOf(tree, path), built);
      return built;
    },
  };

  return {
    build: async (tree, path) => {
      if (mode === "kubectl") return timed(tree, path);
      const built = done.get(keyOf(tree, path));
      if (built === undefined) throw new Error(`the build of ${path} was not made ahead`);
      return built;
    },
    begin: async (next, files, paths) => {
      mode = next;
      spent = 0;
      done.clear();
      if (next === "kubectl") return;
      for (const path of paths) {
        await buildManifests({ tree: treeOf(files, path), kustomization: { path }, variables: undefined }, recorder);
      }
    },
    spent: () => spent,
  };
}

const prefixOf = (path: string): string => (path === "" ? "" : `${path}/`);

const treeOf = (files: Files, path: string): Tree =>
  new Map([...files].filter(([name]) => name.startsWith(prefixOf(path))).map(([name, text]) => [name, { bytes: Buffer.from(text), executable: false }]));

/** The folder and all that lies in it: no kustomization here looks outside of its own. */
function keyOf(tree: Tree, path: string): string {
  const hash = createHash("sha256");
  const inside = [...tree].filter(([name]) => name.startsWith(prefixOf(path))).toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, { bytes }] of inside) hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  return `${path} ${hash.digest("hex")}`;
}
