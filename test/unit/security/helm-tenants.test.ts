import { epochMs } from "@sluice/engine/domain/time.ts";
import { formatReleaseSecret, parseReleaseSecret } from "@sluice/engine/release/secret.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ReleaseBench, type ReleaseScenario, startReleaseBench } from "../../support/helm-release/release-bench.ts";

let bench: ReleaseBench;
beforeAll(async () => {
  bench = await startReleaseBench();
});
afterAll(() => bench.stop());

const CHART = {
  "crds/a.yaml": `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: as.example.org}
spec: {group: example.org, scope: Cluster, names: {kind: A, plural: as}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]}
`,
  "templates/a.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data: {found: {{ lookup "v1" "Secret" .Release.Namespace "" | len | quote }}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: hook, annotations: {"helm.sh/hook": "pre-install,pre-upgrade,pre-delete,test"}}
`,
};

/** The account may do all: what is looked at is who asks. */
async function tenant(): Promise<ReleaseScenario> {
  const scenario = await bench.scenario();
  const { namespace } = scenario;
  await scenario.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "deployer", namespace } });
  await scenario.apply({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: `deployer-${namespace}` },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", name: "deployer", namespace }],
  });
  await scenario.chart("1.0.0", CHART);
  return scenario;
}

/** What we do in our own name for a release that has an account: its own object and its chart, whether we are installed, the account itself, and what is no cluster. */
const OURS = [
  /^as deployer: /,
  /^(?:get|patch|patch status|apply|delete) (?:HelmRelease|HelmChart)\//,
  /^get (?:ServiceAccount\/deployer|Deployment\/sluice|CustomResourceDefinition\/helmreleases\.helm\.toolkit\.fluxcd\.io)$/,
  /^(?:read artifact|emit event|recall render|remember render)$/,
];

/** CVE-2026-41050 (Fleet): what was rendered kept the rights of the engine. */
describe("a release with a service account", () => {
  it("is looked up, defined, installed, tested, looked at, put right, upgraded and uninstalled in its name alone", async () => {
    const scenario = await tenant();
    const calls: string[] = [];
    const settle = async (): Promise<void> => {
      for (let count = 0; count < 6 && (await scenario.object()) !== undefined; count++) {
        const pass = await scenario.pass();
        calls.push(...pass.calls);
        scenario.wait(1_000);
      }
    };
    const spec = {
      serviceAccountName: "deployer",
      driftDetection: { mode: "enabled" },
      test: { enable: true },
      install: { createNamespace: true },
      targetNamespace: scenario.namespace,
    };
    await scenario.spec(spec);
    await settle();
    await scenario.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "shop", namespace: scenario.namespace }, data: { found: "drifted" } });
    await settle();
    await scenario.spec({ ...spec, values: { colour: "green" } });
    await settle();
    expect(await scenario.history()).not.toEqual([]);
    await scenario.remove();
    await settle();
    expect(await scenario.object()).toBeUndefined();
    for (const wanted of ["list Secret", "Namespace", "ConfigMap", "CustomResourceDefinition/as.example.org", "sh.helm.release.v1."])
      expect(calls.some((call) => call.startsWith("as deployer: ") && call.includes(wanted))).toBe(true);
    expect([...new Set(calls.filter((call) => !OURS.some((own) => own.test(call))))]).toEqual([]);
  });

  it.each(["", "../a", "a\nimpersonate-group: system:masters"])("named %j is done nothing for, in whatever state it is", async (name) => {
    const scenario = await tenant();
    await scenario.spec();
    await scenario.settle();
    const object = await scenario.parsed();
    const { calls, outcome } = await scenario.pass({ settings: { defaultServiceAccount: name } });
    expect(object.spec.serviceAccountName).toBeUndefined();
    expect(outcome).toMatchObject({ kind: "stalled", cause: { reason: "AccessDenied" } });
    expect(calls.filter((call) => /Secret|ConfigMap/.test(call))).toEqual([]);
    await scenario.remove();
    const gone = await scenario.pass({ settings: { defaultServiceAccount: name } });
    expect(gone.calls.filter((call) => /Secret|ConfigMap/.test(call))).toEqual([]);
  });
});

describe("a status that somebody else has written", () => {
  it("makes us delete no HelmChart but our own", async () => {
    const [scenario, victim] = [await tenant(), await bench.scenario()];
    await victim.chart("1.0.0");
    await scenario.spec({ serviceAccountName: "deployer" });
    await scenario.status(scenario.ref("helm.toolkit.fluxcd.io/v2", "HelmRelease", "shop"), { helmChart: `${victim.namespace}/shop` });
    await scenario.settle();
    await scenario.status(scenario.ref("helm.toolkit.fluxcd.io/v2", "HelmRelease", "shop"), { helmChart: `${victim.namespace}/shop` });
    await scenario.remove();
    await scenario.settle();
    expect(await victim.find("source.toolkit.fluxcd.io/v1", "HelmChart", "shop")).toBeDefined();
  });

  it("leads to other releases in the name of the account only", async () => {
    const [scenario, victim] = [await tenant(), await bench.scenario()];
    await victim.chart("1.0.0");
    await victim.spec();
    await victim.settle();
    await scenario.spec({ serviceAccountName: "nobody" });
    const { status } = await victim.parsed();
    await scenario.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "nobody", namespace: scenario.namespace } });
    await scenario.status(scenario.ref("helm.toolkit.fluxcd.io/v2", "HelmRelease", "shop"), {
      history: JSON.parse(JSON.stringify(status.history)),
      storageNamespace: victim.namespace,
    });
    await scenario.pass();
    await scenario.remove();
    await scenario.pass();
    expect(await victim.stored()).toEqual(["v1 deployed"]);
    expect(await victim.find("v1", "ConfigMap", "shop")).toBeDefined();
  });
});

describe("a release that somebody else has written", () => {
  it("and that says it is another one is not stored under that name", async () => {
    const [scenario, victim] = [await tenant(), "sh.helm.release.v1.victim.v1"];
    await scenario.spec();
    await scenario.settle();
    const own = await scenario.find("v1", "Secret", "sh.helm.release.v1.shop.v1");
    const data = own?.data;
    await scenario.apply({ apiVersion: "v1", kind: "Secret", metadata: { name: victim, namespace: scenario.namespace }, stringData: { release: "precious" } });
    const { gunzipSync, gzipSync } = await import("node:zlib");
    const text = typeof data === "object" && data !== null && "release" in data ? String(data.release) : "";
    const json: object = JSON.parse(gunzipSync(Buffer.from(Buffer.from(text, "base64").toString(), "base64")).toString());
    const forged = Buffer.from(gzipSync(JSON.stringify({ ...json, name: "victim" })).toString("base64")).toString("base64");
    const ref = scenario.ref("v1", "Secret", "sh.helm.release.v1.shop.v1");
    await scenario.admin.patch(ref, { body: { type: "merge", merge: { data: { release: forged } } }, manager: "somebody" });
    await scenario.spec({ values: { colour: "green" } });
    await scenario.pass();
    const kept = await scenario.find("v1", "Secret", victim);
    expect(kept?.data).toEqual({ release: Buffer.from("precious").toString("base64") });
  });

  it("and that says it is in the middle of an action is no order to apply what stands in it", async () => {
    const scenario = await tenant();
    await scenario.spec();
    await scenario.settle();
    const own = await scenario.find("v1", "Secret", "sh.helm.release.v1.shop.v1");
    const read = own === undefined ? undefined : parseReleaseSecret(own);
    if (read?.ok !== true) throw new Error("there is no release to forge one from");
    const { namespace } = scenario;
    const manifest = `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: planted, namespace: ${namespace}}\n`;
    const progress = { action: "upgrade", step: "apply", from: 1, since: "2026-01-01T00:00:00Z", began: "2026-01-01T00:00:00Z" } as const;
    const { release, labels } = read.value;
    const forged = { ...release, version: 2, manifest, hooks: [], info: { ...release.info, status: "pending-upgrade" as const } };
    await scenario.apply(formatReleaseSecret({ release: forged, labels, progress }, namespace, { createdAt: epochMs(0) }));
    await scenario.spec({ values: { colour: "green" } });
    const calls: string[] = [];
    for (let count = 0; count < 6; count++) {
      calls.push(...(await scenario.pass()).calls);
      scenario.wait(1_000);
    }
    expect(calls.filter((call) => call.includes("planted"))).toEqual([]);
    expect(await scenario.find("v1", "ConfigMap", "shop")).toBeDefined();
  });
});
