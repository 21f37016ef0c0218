import { parseKustomization } from "@sluice/engine/flux/kustomization-object.ts";
import { identityProblem, impersonatedUser } from "@sluice/engine/reconcile/identity.ts";
import type { KustomizationDeps } from "@sluice/engine/reconcile/kustomization/deps.ts";
import { findSource } from "@sluice/engine/reconcile/kustomization/source.ts";
import { DEFAULT_SETTINGS } from "@sluice/engine/reconcile/settings.ts";
import { describe, expect, it } from "vitest";

function kustomization(spec: { readonly serviceAccountName?: string; readonly namespace?: string }) {
  const { serviceAccountName, namespace } = spec;
  const parsed = parseKustomization({
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: "a", namespace: "tenant", uid: "u", generation: 1 },
    spec: {
      interval: "1m",
      prune: true,
      sourceRef: { kind: "GitRepository", name: "a", ...(namespace !== undefined && { namespace }) },
      ...(serviceAccountName !== undefined && { serviceAccountName }),
    },
  });
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

/** CVE-2026-41050 (Fleet), CVE-2026-23990 (Flux Operator): an identity that was named and empty became the engine's own. */
describe("the identity that applies", () => {
  const withDefault = (defaultServiceAccount: string | undefined) => ({ ...DEFAULT_SETTINGS, defaultServiceAccount });
  it.each<[string, string | undefined, string | undefined, string | undefined]>([
    ["is ours where nobody names one", undefined, undefined, undefined],
    ["is the object's", "deployer", undefined, "system:serviceaccount:tenant:deployer"],
    ["is the object's before the default", "deployer", "default", "system:serviceaccount:tenant:deployer"],
    ["is the default, in the object's namespace", undefined, "default", "system:serviceaccount:tenant:default"],
  ])("%s", (_, named, byDefault, want) => {
    const object = kustomization(named === undefined ? {} : { serviceAccountName: named });
    expect(identityProblem(object, withDefault(byDefault))).toBeUndefined();
    expect(impersonatedUser(object, withDefault(byDefault))).toBe(want);
  });
  it.each([
    "",
    " ",
    "a:b",
    "a\r\nimpersonate-group: system:masters",
    "../a",
    "A",
    "a/b",
    "a".repeat(300),
  ])("named %j is nobody's, and nothing is done", (named) => {
    expect(identityProblem(kustomization({ serviceAccountName: named }), DEFAULT_SETTINGS)).toMatch(/names no service account/);
    expect(identityProblem(kustomization({}), withDefault(named))).toMatch(/names no service account/);
  });
});

/** CVE-2026-44935 (Fleet), CVE-2023-22736 and CVE-2024-31990 (Argo CD). */
describe("a source in another namespace", () => {
  const find = (noCrossNamespaceRefs: boolean, namespace: string) => {
    const asked: unknown[] = [];
    const cluster = {
      get: (ref: unknown) => {
        asked.push(ref);
        return Promise.resolve({ kind: "absent", message: "" });
      },
    };
    const deps = { cluster, settings: { ...DEFAULT_SETTINGS, noCrossNamespaceRefs } } as unknown as KustomizationDeps;
    return findSource(deps, kustomization({ namespace })).then((found) => ({ found, asked: asked.length }));
  };
  it("is refused, unread, where the setting is on", async () =>
    expect(await find(true, "other")).toMatchObject({ asked: 0, found: { end: { kind: "stalled", cause: { reason: "AccessDenied" } } } }));
  it.each([
    [true, "tenant"],
    [false, "other"],
  ])("is looked at otherwise (%s, %s)", async (setting, namespace) => expect((await find(setting, namespace)).asked).toBe(1));
});
