import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { type Owner, ownerLabels, ownerSelector } from "@sluice/engine/domain/owner.ts";
import type { ListAnswer, ListQuery } from "@sluice/engine/ports/cluster.ts";
import type { FluxObjects } from "@sluice/engine/reconcile/sweep/flux-objects.ts";
import { createSharedArtifacts, createSharedKinds, createSharedReads, type Reads } from "@sluice/engine/reconcile/sweep/shared-reads.ts";
import { describe, expect, it } from "vitest";

const ONE: Owner = { name: "one", namespace: "flux-system" };
const TWO: Owner = { name: "two", namespace: "flux-system" };
const NAMESAKE: Owner = { name: "one", namespace: "elsewhere" };
const CONFIG = { apiVersion: "v1", kind: "ConfigMap" };
const FORBIDDEN = { kind: "refused", why: "forbidden", code: 403, reason: "Forbidden", message: "no" } as const;
const UNKNOWN = { kind: "refused", why: "unknown-kind", code: 0, reason: "", message: "no matches" } as const;

const configMap = (name: string, owner: Owner | undefined, namespace = "apps"): Manifest => ({
  ...CONFIG,
  metadata: { name, namespace, ...(owner !== undefined && { labels: ownerLabels(owner) }) },
});
const OBJECTS = [configMap("a", ONE), configMap("b", TWO), configMap("c", NAMESAKE), configMap("d", ONE, "other")];
const FLUX: FluxObjects = {
  all: [],
  refused: [],
  find: ({ kind, name }) => (kind === "Kustomization" && name === "one" ? configMap("flux", undefined) : undefined),
};

/** What went out to the cluster, and what a LIST of all owners answers. */
function start(owners: readonly Owner[], whole: ListAnswer = { kind: "listed", items: OBJECTS, resourceVersion: "7" }) {
  const asked: string[] = [];
  const cluster: Reads = {
    get: async ({ kind, name }) => {
      asked.push(`get ${kind}/${name}`);
      return { kind: "absent", message: "not found" };
    },
    list: async ({ kind, namespace, labelSelector = "" }) => {
      asked.push(`list ${kind} ${namespace ?? "*"} ${labelSelector}`);
      return labelSelector.includes(" in ") || !labelSelector.includes("=") ? whole : { kind: "listed", items: [], resourceVersion: "1" };
    },
  };
  let reads = 0;
  return { asked, reads: () => reads, look: createSharedReads(cluster, FLUX, { kustomizations: owners, releases: [] }).forLook(() => void reads++) };
}

const named = (answer: ListAnswer): readonly string[] | string =>
  answer.kind === "listed" ? answer.items.map(({ metadata }) => metadata.name ?? "") : answer.why;
const ofOwner = (owner: Owner, namespace?: string): ListQuery => ({
  ...CONFIG,
  labelSelector: ownerSelector(owner),
  ...(namespace !== undefined && { namespace }),
});

describe("one LIST of a kind for all owners", () => {
  it("answers each of them with its own objects, by name and namespace of the owner", async () => {
    const { asked, look } = start([ONE, TWO, NAMESAKE]);
    const answers = await Promise.all([ONE, TWO, NAMESAKE].map((owner) => look.list(ofOwner(owner))));
    expect(answers.map(named)).toEqual([["a", "d"], ["b"], ["c"]]);
    expect(named(await look.list(ofOwner(ONE, "other")))).toEqual(["d"]);
    expect(asked).toEqual(["list ConfigMap * kustomize.toolkit.fluxcd.io/name in (one,two)"]);
  });

  it("lists whatever has an owner when the names would not fit into a URL", async () => {
    const owners = Array.from({ length: 100 }, (_, n) => ({ name: `kustomization-number-${n}`, namespace: "flux-system" }));
    const { asked, look } = start(owners);
    await look.list(ofOwner({ name: "kustomization-number-5", namespace: "flux-system" }));
    expect(asked).toEqual(["list ConfigMap * kustomize.toolkit.fluxcd.io/name"]);
  });

  it("leaves out a name that no label can have: its owner asks for itself", async () => {
    const long = { name: "x".repeat(64), namespace: "flux-system" };
    const { asked, look } = start([ONE, long]);
    await look.list(ofOwner(long));
    await look.list(ofOwner(ONE));
    expect(asked).toEqual([`list ConfigMap * ${ownerSelector(long)}`, "list ConfigMap * kustomize.toolkit.fluxcd.io/name in (one)"]);
  });

  it("a LIST of something else goes out as it is, once", async () => {
    const { asked, look } = start([ONE]);
    const pods = { apiVersion: "v1", kind: "Pod", namespace: "apps", labelSelector: "app=web" };
    await Promise.all([look.list(pods), look.list(pods)]);
    expect(asked).toEqual(["list Pod apps app=web"]);
  });

  it("where it is forbidden each asks for itself, in its namespace", async () => {
    const { asked, look } = start([ONE, TWO], FORBIDDEN);
    await look.list(ofOwner(ONE, "apps"));
    await look.list(ofOwner(TWO, "apps"));
    await look.list(ofOwner(ONE, "apps"));
    expect(asked).toEqual([
      "list ConfigMap * kustomize.toolkit.fluxcd.io/name in (one,two)",
      `list ConfigMap apps ${ownerSelector(ONE)}`,
      `list ConfigMap apps ${ownerSelector(TWO)}`,
    ]);
  });

  it("a kind that is not served is not asked for again", async () => {
    const { asked, look } = start([ONE, TWO], UNKNOWN);
    expect([named(await look.list(ofOwner(ONE))), named(await look.list(ofOwner(TWO)))]).toEqual(["unknown-kind", "unknown-kind"]);
    expect(asked).toHaveLength(1);
  });
});

describe("single reads", () => {
  it("are answered by the LISTs, and go out once where those have not the object", async () => {
    const { asked, reads, look } = start([ONE]);
    await look.list(ofOwner(ONE));
    expect(await look.get({ ...CONFIG, namespace: "apps", name: "a" })).toMatchObject({ kind: "found" });
    expect(await look.get({ apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "x", name: "one" })).toMatchObject({
      kind: "found",
    });
    expect(reads()).toBe(0);
    const secret = { apiVersion: "v1", kind: "Secret", namespace: "apps", name: "s" };
    await Promise.all([look.get(secret), look.get(secret), look.get({ ...secret, namespace: "other" })]);
    expect(asked.slice(1)).toEqual(["get Secret/s", "get Secret/s"]);
    expect(reads()).toBe(3);
  });
});

describe("what else a sweep asks once", () => {
  it("kinds, also those that are not served, and schemas", async () => {
    const asked: string[] = [];
    const kinds = createSharedKinds({
      find: async (apiVersion, kind) => {
        asked.push(`${apiVersion} ${kind}`);
        return undefined;
      },
      versions: async () => [],
      schemas: async () => {
        asked.push("schemas");
        return new Map();
      },
      all: async () => {
        asked.push("all");
        return [];
      },
      serverVersion: async () => {
        asked.push("version");
        return { version: "v1.35.4", major: "1", minor: "35" };
      },
    });
    await Promise.all([kinds.find("v1", "A"), kinds.find("v1", "A"), kinds.find("v1", "B"), kinds.schemas(), kinds.schemas()]);
    await Promise.all([kinds.all(), kinds.all(), kinds.serverVersion(), kinds.serverVersion()]);
    expect(asked).toEqual(["v1 A", "v1 B", "schemas", "all", "version"]);
  });

  it("whether an artifact is there", async () => {
    const asked: string[] = [];
    const artifacts = createSharedArtifacts({
      has: async (digest) => {
        asked.push(digest);
        return digest === "sha256:1";
      },
      get: async () => undefined,
      put: async () => ({ digest: "", size: 0, url: "" }),
    });
    expect(await Promise.all(["sha256:1", "sha256:1", "sha256:2"].map(artifacts.has))).toEqual([true, true, false]);
    expect(asked).toEqual(["sha256:1", "sha256:2"]);
  });
});
