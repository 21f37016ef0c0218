import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { parseGitRepository } from "@sluice/engine/flux/git-repository-object.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { isSameRepository, mayFollow, sendPushed } from "@sluice/engine/reconcile/push.ts";
import { describe, expect, it } from "vitest";

const repository = (name: string, spec: JsonObject): Manifest => ({
  apiVersion: "source.toolkit.fluxcd.io/v1",
  kind: "GitRepository",
  metadata: { name, namespace: "apps", uid: name, generation: 1 },
  spec: { url: "https://git.example.com/org/app", interval: "1m", ...spec },
});

describe("isSameRepository", () => {
  it.each<[string, string, boolean]>([
    ["https://git.example.com/org/app", "https://git.example.com/org/app.git", true],
    ["https://git.example.com/org/app.git/", "https://git.example.com/org/app", true],
    ["http://git.example.com/org/app", "https://git.example.com/org/app", true],
    ["https://user:pw@git.example.com/org/app", "https://git.example.com/org/app.git", true],
    ["https://GIT.example.com/Org/App.git", "https://git.example.com/org/app", true],
    ["ssh://git@git.example.com/org/app", "https://git.example.com/org/app", true],
    ["https://git.example.com:443/org/app", "https://git.example.com/org/app", true],
    ["https://git.example.com:8443/org/app", "https://git.example.com/org/app", false],
    ["https://git.example.com/org/app2", "https://git.example.com/org/app", false],
    ["https://git.example.com/org/app", "https://git.example.com.evil.com/org/app", false],
    ["https://git.example.com/org/app.git.git", "https://git.example.com/org/app", false],
    ["https://git.example.com/org/a.p", "https://git.example.com/org/axp", false],
    ["no url", "no url", false],
    ["", "", false],
  ])("%s and %s: %s", (a, b, want) => {
    expect([isSameRepository(a, b), isSameRepository(b, a)]).toEqual([want, want]);
  });
});

describe("mayFollow", () => {
  it.each<{ ref: JsonObject; follows: readonly string[]; not: readonly string[] }>([
    { ref: {}, follows: ["refs/heads/master"], not: ["refs/heads/main", "refs/tags/master"] },
    { ref: { branch: "main" }, follows: ["refs/heads/main"], not: ["refs/heads/main2", "refs/heads/x/main", "refs/tags/v1"] },
    { ref: { tag: "v1" }, follows: ["refs/tags/v1"], not: ["refs/tags/v1.1", "refs/heads/v1"] },
    { ref: { semver: ">=1.0.0" }, follows: ["refs/tags/v1", "refs/tags/anything"], not: ["refs/heads/main"] },
    { ref: { name: "refs/pull/1/head" }, follows: ["refs/pull/1/head"], not: ["refs/heads/main"] },
    { ref: { commit: "abc" }, follows: ["refs/heads/main", "refs/tags/v1"], not: [] },
    // Flux' precedence: name, semver, tag, branch.
    { ref: { branch: "main", tag: "v1", semver: "1.x" }, follows: ["refs/tags/v2"].slice(1), not: ["refs/heads/main"] },
  ])("$ref", ({ ref, follows, not }) => {
    const parsed = parseGitRepository(repository("app", { ref }));
    if (!parsed.ok) throw new Error(parsed.problem);
    expect(follows.filter((pushed) => !mayFollow(parsed.value, pushed))).toEqual([]);
    expect(not.filter((pushed) => mayFollow(parsed.value, pushed))).toEqual([]);
  });
});

describe("sendPushed", () => {
  const items = [
    repository("main", { ref: { branch: "main" } }),
    repository("other-branch", { ref: { branch: "next" } }),
    repository("other-repository", { url: "https://git.example.com/org/other", ref: { branch: "main" } }),
    repository("suspended", { ref: { branch: "main" }, suspend: true }),
    { ...repository("malformed", {}), spec: { url: 7 } } as Manifest,
  ];
  const push = { repository: "https://git.example.com/org/app.git", ref: "refs/heads/main", delivery: "d-1" };
  const world = (cluster: Pick<Cluster, "list">) => {
    const sent: WorkItem[] = [];
    const queue = { send: async (item: WorkItem) => void sent.push(item) };
    return { sent, deps: { cluster: cluster as Cluster, queue, clusterName: "prod" } };
  };

  it("sends those that it may concern, and says how many", async () => {
    const { sent, deps } = world({ list: async () => ({ kind: "listed", items, resourceVersion: "1" }) });
    expect(await sendPushed(deps, push)).toBe(1);
    expect(sent).toEqual([
      {
        kind: "object",
        key: { cluster: "prod", group: "source.toolkit.fluxcd.io", kind: "GitRepository", namespace: "apps", name: "main" },
        cause: "push",
        look: "d-1",
      },
    ]);
  });

  it.each(["unknown-kind", "absent"] as const)("sends none where there is no such kind: %s", async (why) => {
    const { sent, deps } = world({ list: async () => ({ kind: "refused", why, code: 404, reason: "NotFound", message: "no" }) });
    expect([await sendPushed(deps, push), sent]).toEqual([0, []]);
  });

  it.each(["forbidden", "other"] as const)("is not done with the push when they cannot be listed: %s", async (why) => {
    const { deps } = world({ list: async () => ({ kind: "refused", why, code: 500, reason: "InternalError", message: "etcd is away" }) });
    await expect(sendPushed(deps, push)).rejects.toThrow("GitRepositories cannot be listed: etcd is away");
  });
});
