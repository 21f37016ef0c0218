import type { GitFailure, GitRemotes } from "@sluice/engine/ports/git-remote.ts";

/** A remote whose branch stands where the test says; its repository cannot be fetched. */
export type FakeRemote = GitRemotes & {
  /** `main@sha1:<hex>`, as a push of a scenario gives it. */
  stand(revision: string): void;
  fail(failure: GitFailure | undefined): void;
  /** `resolve refs/heads/main`, in order. */
  readonly asked: string[];
};

export function createFakeRemote(): FakeRemote {
  let commit = "";
  let failure: GitFailure | undefined;
  const asked: string[] = [];
  return {
    stand: (revision) => {
      commit = revision.slice(revision.indexOf(":") + 1);
    },
    fail: (next) => {
      failure = next;
    },
    asked,
    open: () => ({
      resolve: async (ref) => {
        asked.push(`resolve ${ref}`);
        return failure ?? { kind: "found", commit };
      },
      tags: async () => {
        asked.push("tags");
        return { kind: "empty" };
      },
      fetch: async (wanted) => {
        asked.push(`fetch ${wanted}`);
        return { kind: "failed", why: "protocol", message: "nothing is fetched here" };
      },
    }),
  };
}
