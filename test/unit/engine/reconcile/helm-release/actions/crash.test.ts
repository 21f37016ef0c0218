import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { ReleaseAction } from "@sluice/engine/reconcile/helm-release/action.ts";
import type { ReleaseSettings } from "@sluice/engine/reconcile/helm-release/release-settings.ts";
import type { ReleaseSecret } from "@sluice/engine/release/secret.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { configMap, createReleaseWorld, hook, pod, type ReleaseWorld, RUNNING, type Space, shape } from "../../../../../support/helm-release/world.ts";
import { CutOff, createCalls } from "../../../../../support/reconcile/calls.ts";
import { isWrite } from "../../../../../support/reconcile/ports.ts";

let world: ReleaseWorld;
beforeEach(() => {
  world = createReleaseWorld();
  const changed = (colour: string): string => configMap("main", { colour });
  const hooks = [
    hook("first", ["pre-install", "pre-upgrade", "pre-delete"], { kind: "ConfigMap", weight: -1 }),
    hook("job", ["pre-install", "pre-upgrade", "pre-rollback"]),
    hook("after", ["post-install", "post-upgrade", "post-delete", "post-rollback"], { policies: ["before-hook-creation", "hook-succeeded"] }),
    hook("tester", ["test"], { policies: ["hook-succeeded"] }),
    hook("tester-too", ["test"], { kind: "ConfigMap" }),
  ];
  world.chart("1.0.0", () => ({ manifest: changed("blue") + configMap("old") + pod("web"), hooks }), [CRD]);
  world.chart("2.0.0", () => ({ manifest: changed("green") + configMap("new") + pod("web"), hooks }));
  world.chart("3.0.0", () => ({ manifest: changed("red") + configMap("newer") + configMap("Not_A_Name") + pod("web"), hooks }));
  world.chart("4.0.0", () => ({
    manifest: changed("red"),
    hooks: [
      hook("first", ["pre-upgrade"], { kind: "ConfigMap", policies: ["hook-succeeded"] }),
      hook("job", ["pre-upgrade"], { policies: ["before-hook-creation", "hook-failed"] }),
    ],
  }));
});

const CRD =
  "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: as.example.com}\nspec:\n  group: example.com\n  names: {kind: A, listKind: AList, plural: as, singular: a}\n  scope: Namespaced\n  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]\n";

/** Whatever runs in the cluster comes to its end: Pods of the release run, those of hooks succeed, or fail. */
async function settle(space: Space, hooksFail: boolean): Promise<void> {
  for (const name of ["web", "job", "after", "tester"]) {
    const found = await space.get("Pod", name);
    if (found === undefined || found.metadata.deletionTimestamp !== undefined) continue;
    await space.status("Pod", name, name === "web" ? RUNNING : { phase: hooksFail ? "Failed" : "Succeeded" });
  }
}

type Scenario = {
  readonly name: string;
  readonly settings?: Parameters<ReleaseWorld["space"]>[0];
  readonly hooksFail?: boolean;
  /** What is there before. */
  readonly before: readonly string[];
  /** The action, as the table of a HelmRelease would choose it; undefined: nothing is left to be done. */
  readonly next: (space: Space, latest: ReleaseSecret | undefined) => Promise<ReleaseAction | undefined>;
  readonly history: readonly string[];
};

const is = (latest: ReleaseSecret | undefined, version: number, ...statuses: readonly string[]): boolean =>
  latest?.release.version === version && statuses.includes(latest.release.info.status);

const SCENARIOS: readonly Scenario[] = [
  {
    name: "install with hooks and CRDs",
    before: [],
    next: async (space, latest) => (latest === undefined ? space.install("1.0.0") : undefined),
    history: ["v1 deployed: Install complete"],
  },
  {
    name: "install client-side",
    settings: { install: { serverSideApply: false } },
    before: [],
    next: async (space, latest) => (latest === undefined ? space.install("1.0.0") : undefined),
    history: ["v1 deployed: Install complete"],
  },
  {
    name: "install over what is kept of another",
    settings: { install: { replace: true }, uninstall: { keepHistory: true } },
    before: ["install 1.0.0", "uninstall"],
    next: async (space, latest) => (is(latest, 1, "uninstalled") ? space.install("2.0.0") : undefined),
    history: ["v1 superseded: superseded by new release", "v2 deployed: Install complete"],
  },
  {
    name: "upgrade that removes an object, and an old revision",
    settings: { maxHistory: 2 },
    before: ["install 1.0.0", "upgrade 2.0.0"],
    next: async (space, latest) => (is(latest, 2, "deployed") ? space.upgrade("1.0.0") : undefined),
    history: ["v2 superseded: Upgrade complete", "v3 deployed: Upgrade complete"],
  },
  {
    name: "upgrade that fails and cleans up",
    settings: { upgrade: { cleanupOnFail: true } },
    before: ["install 1.0.0"],
    next: async (space, latest) => (is(latest, 1, "deployed") ? space.upgrade("3.0.0") : undefined),
    history: [
      "v1 deployed: Install complete",
      expect.stringMatching(/^v2 failed: Upgrade "shop" failed: failed to create resource: server-side apply failed for object NS\/Not_A_Name/),
    ],
  },
  {
    name: "upgrade whose hook fails",
    hooksFail: true,
    before: ["install 2.0.0"],
    next: async (space, latest) => (is(latest, 1, "deployed") ? space.upgrade("4.0.0") : undefined),
    history: [
      "v1 deployed: Install complete",
      `v2 failed: Upgrade "shop" failed: pre-upgrade hooks failed: failed early due to stalled resources: [Pod/NS/job status: 'Failed']`,
    ],
  },
  {
    name: "rollback of a failed upgrade",
    before: ["install 1.0.0", "upgrade 3.0.0"],
    next: async (space, latest) => (is(latest, 2, "failed") ? { kind: "rollback", target: await revision(space, 1) } : undefined),
    history: ["v1 superseded: Install complete", expect.stringMatching(/^v2 failed: /), "v3 deployed: Rollback to 1"],
  },
  {
    name: "uninstall",
    before: ["install 1.0.0", "upgrade 2.0.0"],
    next: async (_, latest) => (latest === undefined ? undefined : { kind: "uninstall", release: latest.release }),
    history: [],
  },
  {
    name: "uninstall that keeps the history",
    settings: { uninstall: { keepHistory: true } },
    before: ["install 1.0.0", "upgrade 2.0.0"],
    next: async (_, latest) => (latest === undefined || is(latest, 2, "uninstalled") ? undefined : { kind: "uninstall", release: latest.release }),
    history: ["v1 superseded: Install complete", "v2 uninstalled: Uninstallation complete"],
  },
  {
    name: "uninstall remediation",
    before: ["install 3.0.0"],
    next: async (_, latest) => (latest === undefined ? undefined : { kind: "uninstall-remediation", release: latest.release }),
    history: [],
  },
  {
    name: "test",
    before: ["install 1.0.0"],
    next: async (_, latest) => (latest === undefined || isTested(latest) ? undefined : { kind: "test", release: latest.release }),
    history: ["v1 deployed: Install complete"],
  },
  {
    name: "test that fails",
    hooksFail: true,
    before: ["install 1.0.0"],
    next: async (_, latest) => (latest === undefined || isTested(latest) ? undefined : { kind: "test", release: latest.release }),
    history: ["v1 deployed: Install complete"],
  },
  {
    name: "unlock",
    before: ["install 1.0.0", "left pending"],
    next: async (_, latest) => (latest !== undefined && is(latest, 1, "pending-upgrade") ? { kind: "unlock", release: latest.release } : undefined),
    history: ["v1 failed: Release unlocked from stale 'pending-upgrade' state"],
  },
];

const isTested = ({ release }: ReleaseSecret): boolean =>
  (release.hooks ?? []).some(({ events, last_run }) => events.includes("test") && ["Succeeded", "Failed"].includes(last_run.phase));

async function revision(space: Space, version: number) {
  const found = await space.storage.read(version);
  if (found.kind !== "found") throw new Error(`no revision ${version}`);
  return found.secret.release;
}

async function prepare(space: Space, step: string): Promise<void> {
  const [action = "", version = ""] = step.split(" ");
  const between = (): Promise<void> => settle(space, false);
  const latest = await space.latest();
  if (action === "install") await space.drive(await space.install(version), { between });
  else if (action === "upgrade") await space.drive(await space.upgrade(version), { between });
  else if (action === "uninstall" && latest !== undefined) await space.drive({ kind: "uninstall", release: latest.release }, { between });
  else if (latest !== undefined)
    await space.storage.update({ ...latest, release: { ...latest.release, info: { ...latest.release.info, status: "pending-upgrade" } } });
}

/** Passes over the release until nothing is left to be done; the call that is cut is the end of a process, and another one begins. */
async function play({ settings = {}, hooksFail = false, before, next }: Scenario, cut?: { readonly n: number; readonly when: "before" | "after" }) {
  await world.cluster.delete(
    { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: "as.example.com" },
    { propagation: "Background" },
  );
  const space = await world.space(settings as Partial<ReleaseSettings>);
  for (const step of before) await prepare(space, step);
  const from = world.created.length;
  const calls = createCalls(cut === undefined ? {} : { cut });
  let ends = 0;
  let wasCut = false;
  for (let pass = 1; ; pass++) {
    if (pass > 300) throw new Error("it does not end");
    const latest = await space.latest();
    const action: ReleaseAction | undefined =
      latest?.progress === undefined ? await next(space, latest) : { kind: "continue", release: latest.release, progress: latest.progress };
    if (action === undefined) break;
    try {
      const end = await space.once(action, wasCut ? createCalls() : calls);
      if (end.kind === "in-progress") world.advance(end.retryIn);
      else ends++;
    } catch (error) {
      if (!(error instanceof CutOff)) throw error;
      wasCut = true;
    }
    await settle(space, hooksFail);
  }
  const hooks = world.created.slice(from).filter((name) => ["job", "after", "tester"].includes(name));
  return { space, ends, lines: [...calls.lines], wasCut, hooks, left: await leftOf(space) };
}

/** Everything in the namespace, without what differs from time to time. */
async function leftOf(space: Space): Promise<JsonObject> {
  const left: { [key: string]: string | JsonObject } = {};
  for (const kind of ["ConfigMap", "Pod"]) {
    const listed = await world.cluster.list({ apiVersion: "v1", kind, namespace: space.namespace });
    if (listed.kind !== "listed") throw new Error(listed.message);
    for (const { metadata, data } of listed.items) {
      const managers = (metadata.managedFields ?? [])
        .filter(({ subresource }) => subresource === undefined)
        .map(({ manager, operation }) => `${manager} ${operation}`);
      left[`${kind}/${metadata.name}`] = `${JSON.stringify(data ?? {})} ${managers.toSorted().join(",")}`;
    }
  }
  const secrets = await space.storage.list();
  if (secrets.kind !== "listed") throw new Error(secrets.message);
  for (const { release, progress } of secrets.secrets) left[`v${release.version}`] = { ...shape(release), inProgress: progress !== undefined };
  return JSON.parse(JSON.stringify(left).replaceAll(space.namespace, "NS"));
}

describe("a process that dies", () => {
  it.each(SCENARIOS)("$name: the next one goes on from what is stored", async (scenario) => {
    const undisturbed = await play(scenario);
    expect(await undisturbed.space.history()).toEqual(scenario.history);
    expect(undisturbed.ends).toBe(1);
    // A process that dies behind a read, or ahead of a request, leaves what one leaves that died behind the last write before it.
    for (const [index, line] of undisturbed.lines.entries()) {
      if (!isWrite(line)) continue;
      const cut = await play(scenario, { n: index + 1, when: "after" });
      const what = `behind ${line}, call ${index + 1}`;
      expect(cut.wasCut, what).toBe(true);
      expect({ what, left: cut.left, hooks: cut.hooks }).toEqual({ what, left: undisturbed.left, hooks: undisturbed.hooks });
    }
  });
});
