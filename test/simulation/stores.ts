import { createHash } from "node:crypto";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { Tree } from "@sluice/engine/domain/tree.ts";
import type { ArtifactStore, RenderStore } from "@sluice/engine/ports/artifact-store.ts";
import type { FetchAnswer, GitRemotes } from "@sluice/engine/ports/git-remote.ts";
import type { Bill } from "./bill.ts";
import type { Waits } from "./waits.ts";

/** Artifacts and renders of all clusters, in one bucket, with the requests that platform/s3 makes for each call. */
export function createBucket(waits: Waits, bill: Bill): { readonly artifacts: ArtifactStore; readonly renders: RenderStore; bytes(): number } {
  const objects = new Map<string, Uint8Array>();
  const request = async (what: "s3 put" | "s3 get"): Promise<void> => {
    bill.add(what);
    await waits.wait(waits.costs.s3);
  };
  const read = async (key: string): Promise<Uint8Array | undefined> => {
    await request("s3 get");
    return objects.get(key);
  };
  return {
    artifacts: {
      put: async (bytes) => {
        const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
        await request("s3 put");
        // It was there: asked whether it is what its name says.
        if (objects.has(digest)) await request("s3 get");
        objects.set(digest, bytes);
        return { digest, size: bytes.length, url: `s3://sluice/artifacts/${digest.slice("sha256:".length)}.tar.gz` };
      },
      get: read,
      has: async (digest) => {
        await request("s3 get");
        return objects.has(digest);
      },
    },
    renders: {
      remember: async (inputs, bytes) => {
        await request("s3 put");
        objects.set(`render ${inputs}`, bytes);
      },
      recall: (inputs) => read(`render ${inputs}`),
    },
    bytes: () => [...objects.values()].reduce((sum, { length }) => sum + length, 0),
  };
}

/** Repositories on a server, each with one branch. */
export type Repositories = GitRemotes & {
  /** What stands on the branch from now on. */
  commit(url: string, tree: Tree): string;
};

export function createRepositories(waits: Waits, bill: Bill, onAsked: (url: string) => void): Repositories {
  const heads = new Map<string, { readonly commit: string; readonly tree: Tree }>();
  let commits = 0;
  const request = async (count: number): Promise<void> => {
    bill.add("git requests", count);
    await waits.wait(waits.costs.git * count);
  };
  return {
    commit: (url, tree) => {
      const commit = createHash("sha1").update(`${url} ${commits++}`).digest("hex");
      heads.set(url, { commit, tree });
      return commit;
    },
    open: ({ url }) => ({
      resolve: async () => {
        onAsked(url);
        await request(1);
        const head = heads.get(url);
        return head === undefined ? { kind: "failed", why: "not-found", message: "repository not found" } : { kind: "found", commit: head.commit };
      },
      tags: async () => ({ kind: "empty" }),
      fetch: async (commit): Promise<FetchAnswer> => {
        // The archive's address, and the archive.
        await request(2);
        const head = heads.get(url);
        if (head?.commit !== commit) return { kind: "no-such-commit" };
        return { kind: "fetched", commit: { id: commit, message: "change", time: epochMs(0) }, tree: head.tree };
      },
    }),
  };
}
