import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Bench, type Scenario, startBench } from "../../../../support/reconcile/bench.ts";
import { configMap, deployment, secret } from "../../../../support/reconcile/manifests.ts";

let bench: Bench;
let scenario: Scenario;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  scenario = await bench.scenario();
});

const REF = ["kustomize.toolkit.fluxcd.io/v1", "Kustomization", "apps"] as const;
const READY = "Ready=True:ReconciliationSucceeded | observed 1 of 1";
const annotate = (value: string): Promise<void> =>
  scenario.merge(scenario.ref(...REF), { metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": value } } });
const data = async (name: string) => (await scenario.find("v1", "ConfigMap", name))?.data;

describe("suspend", () => {
  it("nothing is done but the answer to a request; observedGeneration moves where Ready is True, and not Ready's own", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({});
    await scenario.pass();
    await scenario.spec({ suspend: true });
    await scenario.push(configMap("a", "2"));
    await annotate("t1");
    const pass = await scenario.settle({ cause: "request" });
    expect(pass).toMatchObject({ outcome: "skipped", writes: ["patch status Kustomization/apps"], events: [], queued: [] });
    const { status } = await scenario.parsed();
    expect([status.observedGeneration, status.conditions?.[0]?.observedGeneration, status.lastHandledReconcileAt]).toEqual([2, 1, "t1"]);
    expect(await data("a")).toEqual({ key: "1" });
    await scenario.spec({ suspend: false });
    await scenario.settle();
    expect(await data("a")).toEqual({ key: "2" });
  });

  it("one that is suspended from the start gets its finalizer and nothing else", async () => {
    await scenario.spec({ suspend: true });
    expect((await scenario.settle()).writes).toEqual(["patch Kustomization/apps"]);
    expect(await scenario.line()).toBe(" | observed -1 of 1");
  });
});

describe("a request by annotation", () => {
  it("is answered once, also after a failure", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({});
    await scenario.pass();
    await annotate("t1");
    expect(await scenario.pass({ cause: "request" })).toMatchObject({ outcome: "succeeded", writes: ["patch status Kustomization/apps"] });
    expect((await scenario.parsed()).status.lastHandledReconcileAt).toBe("t1");
    expect(await scenario.pass({ cause: "request" })).toMatchObject({ outcome: "skipped", calls: ["get Kustomization/apps"] });
    await scenario.push(configMap("Bad-One"));
    await annotate("t2");
    expect((await scenario.pass({ cause: "request" })).outcome).toBe("failed");
    expect((await scenario.parsed()).status.lastHandledReconcileAt).toBe("t2");
  });

  it("that comes during a run is left for the next", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({});
    await scenario.pass();
    await annotate("t1");
    await scenario.pass({ cause: "request", hold: async (n) => (n === 3 ? annotate("t2") : undefined) });
    expect((await scenario.parsed()).status.lastHandledReconcileAt).toBe("t1");
    expect((await scenario.pass({ cause: "request" })).outcome).toBe("succeeded");
    expect((await scenario.parsed()).status.lastHandledReconcileAt).toBe("t2");
  });
});

describe("fields that are not there yet", () => {
  it.each<{ name: string; spec: object; fields: string }>([
    { name: "decryption", spec: { decryption: { provider: "sops" } }, fields: "spec.decryption" },
    { name: "kubeConfig", spec: { kubeConfig: { secretRef: { name: "k" } } }, fields: "spec.kubeConfig" },
  ])("$name stalls, by its name, and nothing is applied", async ({ spec, fields }) => {
    await scenario.push(configMap("a"));
    await scenario.spec({ ...spec });
    const pass = await scenario.settle();
    const message = `Reconciliation failed terminally due to configuration error: not implemented yet: ${fields}`;
    expect(await scenario.line()).toBe("Stalled=True:UnsupportedField Ready=False:UnsupportedField | observed 1 of 1");
    expect(await scenario.message()).toBe(message);
    expect(pass).toMatchObject({ outcome: "stalled", queued: [], events: [`Warning UnsupportedField ${message}`] });
    expect(await scenario.names("v1", "ConfigMap")).toEqual([]);
    // Taken out again, it works.
    await scenario.spec({});
    await scenario.pass();
    expect(await scenario.line()).toBe("Ready=True:ReconciliationSucceeded | observed 2 of 2");
  });
});

describe("history", () => {
  it("moves when status or revision do, keeps five, counts repeats and takes them to the front", async () => {
    await scenario.spec({});
    await scenario.push(configMap("a", "1"));
    await scenario.pass();
    await scenario.pass();
    expect(await scenario.history()).toEqual(["ReconciliationSucceeded x1"]);
    await scenario.push(configMap("Bad-One"));
    await scenario.pass();
    await scenario.pass();
    await scenario.push(configMap("a", "1"));
    await scenario.pass();
    expect(await scenario.history()).toEqual(["ReconciliationSucceeded x2", "ReconciliationFailed x1"]);
    for (const value of ["2", "3", "4", "5"]) {
      await scenario.push(configMap("a", value));
      await scenario.pass();
    }
    expect(await scenario.history()).toEqual([...Array(4).fill("ReconciliationSucceeded x1"), "ReconciliationSucceeded x2"]);
  });

  it("a failing build adds nothing", async () => {
    await scenario.push("---\nkind: ConfigMap\n");
    await scenario.spec({});
    await scenario.pass();
    expect(await scenario.history()).toEqual([]);
  });
});

describe("a build that fails", () => {
  it.each<{ name: string; files: { [path: string]: string }; spec?: object; real?: true; reason: string; message: RegExp }>([
    {
      name: "no such path",
      files: { "a.yaml": configMap("a") },
      spec: { path: "./none" },
      reason: "ArtifactFailed",
      message: /^kustomization path not found: stat \/tmp\/kustomization-0\/none: no such file or directory$/,
    },
    {
      name: "a path that leaves the root",
      files: { "a.yaml": configMap("a") },
      spec: { path: "../../etc" },
      reason: "ArtifactFailed",
      message: /^kustomization path not found: stat \/tmp\/kustomization-0\/etc: no such file/,
    },
    { name: "a manifest without kind", files: { "a.yaml": "---\napiVersion: v1\nmetadata: {name: a}\n" }, reason: "BuildFailed", message: /a\.yaml/ },
    {
      name: "a manifest that is no YAML",
      files: { "a.yaml": "a: [1" },
      reason: "BuildFailed",
      message: /^failed to decode Kubernetes YAML from \/tmp\/kustomization-0\/a\.yaml: /,
    },
    { name: "a kustomization that does not parse", files: { "kustomization.yaml": "resources: [" }, reason: "BuildFailed", message: /kustomiz|yaml/i },
    {
      name: "a missing file",
      files: { "kustomization.yaml": "resources: [gone.yaml]\n" },
      reason: "BuildFailed",
      message: /^kustomize build failed: accumulating resources: .*gone\.yaml/s,
    },
    {
      name: "a cycle",
      files: { "kustomization.yaml": "resources: [a]\n", "a/kustomization.yaml": "resources: [../]\n" },
      reason: "BuildFailed",
      message: /cycle/,
    },
    {
      name: "a file that leaves the root",
      files: { "kustomization.yaml": "resources: [../../../etc/passwd]\n" },
      reason: "BuildFailed",
      message: /etc\/passwd/,
    },
    {
      name: "two objects with one id",
      files: { "a.yaml": configMap("a"), "b.yaml": configMap("a") },
      reason: "BuildFailed",
      message: /may not add resource with an already registered id/,
    },
    {
      name: "a variable that is not set",
      files: { "a.yaml": configMap("a", "$" + "{nobody}") },
      spec: { postBuild: { substitute: { other: "1" } } },
      reason: "BuildFailed",
      message: /variable not set \(strict mode\): "nobody"$/,
    },
    {
      name: "a variable with a wrong name",
      files: { "a.yaml": configMap("a", "$" + "{x}") },
      spec: { postBuild: { substitute: { "1-x": "1" } } },
      reason: "BuildFailed",
      message: /'1-x' var name is invalid/,
    },
    {
      name: "a Secret that is missing",
      files: { "a.yaml": configMap("a") },
      spec: { postBuild: { substituteFrom: [{ kind: "Secret", name: "none" }] } },
      reason: "BuildFailed",
      message: /substitute from 'Secret\/none' error: secrets "none" not found$/,
    },
  ])("$name", async ({ files, spec = {}, reason, message }) => {
    await scenario.push(configMap("kept"));
    await scenario.spec({});
    await scenario.pass();
    await scenario.push(files);
    await scenario.spec({ ...spec });
    const pass = await scenario.pass();
    const generation = (await scenario.parsed()).metadata.generation;
    expect(await scenario.line()).toBe(`Reconciling=True:ProgressingWithRetry Ready=False:${reason} | observed 1 of ${generation}`);
    expect(await scenario.message()).toMatch(message);
    expect(pass.events).toEqual([`Warning ${reason} ${(await scenario.message()).trim()}`]);
    expect(pass.queued).toEqual(["Kustomization/NS/apps (failed) in 600s"]);
    expect(await scenario.names("v1", "ConfigMap")).toEqual(["kept"]);
    expect(await scenario.inventory()).toEqual(["NS_kept__ConfigMap v1"]);
    await scenario.atRest();
  });
});

describe("postBuild", () => {
  const values = async (): Promise<void> => {
    await scenario.put(`---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars, namespace: NS}\ndata: {size: "3", from: "map"}\n`);
    await scenario.put(secret("vars", 'stringData: {from: "secret", token: "s3cr3t-canary"}'));
  };

  it("later references win over earlier ones, spec.substitute over all; an optional one may be missing", async () => {
    await values();
    const value = (name: string): string => `\${${name}}`;
    await scenario.push(configMap("a", `${value("from")} ${value("size")} ${value("own")}`));
    const substituteFrom = [
      { kind: "ConfigMap", name: "vars" },
      { kind: "Secret", name: "vars" },
      { kind: "Secret", name: "none", optional: true },
    ];
    await scenario.spec({ postBuild: { substitute: { own: "mine", size: "4" }, substituteFrom } });
    await scenario.settle();
    expect(await data("a")).toEqual({ key: "secret 4 mine" });
  });

  it("a changed value is applied at the next pass, from a ConfigMap and from a Secret", async () => {
    await values();
    await scenario.push(configMap("a", "$" + "{from} $" + "{size}"));
    await scenario.spec({ postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "vars" }] } });
    await scenario.pass();
    await scenario.merge(scenario.ref("v1", "ConfigMap", "vars"), { data: { size: "9" } });
    await scenario.settle();
    expect(await data("a")).toEqual({ key: "map 9" });
  });

  it("a build with values of Secrets is never kept, one with those of ConfigMaps is", async () => {
    await values();
    await scenario.push(configMap("a", "$" + "{token}"));
    await scenario.spec({ postBuild: { substituteFrom: [{ kind: "Secret", name: "vars" }] } });
    await scenario.settle();
    expect(await data("a")).toEqual({ key: "s3cr3t-canary" });
    for (const bytes of scenario.memory.renders.values()) expect(Buffer.from(bytes).toString("utf8")).not.toContain("s3cr3t-canary");
    expect((await scenario.pass()).calls).toContain("read artifact");
    await scenario.push(configMap("b", "$" + "{size}"));
    await scenario.spec({ postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "vars" }] } });
    await scenario.pass();
    expect((await scenario.pass()).calls).not.toContain("read artifact");
  });
});

describe("the build part of the spec", () => {
  it("targetNamespace, prefix and suffix, patches, images, common metadata", async () => {
    await scenario.push(deployment("web").replace(", namespace: NS", ""));
    await scenario.spec({
      targetNamespace: scenario.namespace,
      namePrefix: "pre-",
      nameSuffix: "-post",
      images: [{ name: "nginx", newTag: "2" }],
      patches: [{ patch: "- {op: add, path: /metadata/annotations, value: {patched: 'yes'}}", target: { kind: "Deployment" } }],
      commonMetadata: { labels: { team: "blue" }, annotations: { note: "n" } },
    });
    await scenario.settle();
    expect(await scenario.line()).toBe(READY);
    const made = await scenario.find("apps/v1", "Deployment", "pre-web-post");
    expect(made?.metadata.labels).toEqual({
      team: "blue",
      "kustomize.toolkit.fluxcd.io/name": "apps",
      "kustomize.toolkit.fluxcd.io/namespace": scenario.namespace,
    });
    expect(made?.metadata.annotations).toMatchObject({ note: "n", patched: "yes" });
    expect(JSON.stringify(made?.spec)).toContain('"image":"nginx:2"');
    expect(await scenario.inventory()).toEqual(["NS_pre-web-post_apps_Deployment v1"]);
  });
});

describe("whose rights count", () => {
  const tenant = (rules: string): string => `---
apiVersion: v1
kind: ServiceAccount
metadata: {name: tenant, namespace: NS}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: tenant, namespace: NS}
rules: [${rules}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: tenant, namespace: NS}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: tenant}
subjects: [{kind: ServiceAccount, name: tenant, namespace: NS}]
`;
  const ALL = '{apiGroups: [""], resources: [configmaps], verbs: ["*"]}';
  const NO_LIST = '{apiGroups: [""], resources: [configmaps], verbs: [get, create, patch, delete]}';

  it("the ServiceAccount's for all that is applied, our own for source, status and events", async () => {
    await scenario.put(tenant(ALL));
    await scenario.push(configMap("a"));
    await scenario.spec({ serviceAccountName: "tenant", wait: true });
    const pass = await scenario.settle();
    expect(pass.outcome).toBe("succeeded");
    expect(pass.calls.filter((line) => line.includes("ConfigMap"))).toEqual([
      "as tenant: list ConfigMap",
      "as tenant: dry-run ConfigMap/a",
      "as tenant: apply ConfigMap/a",
    ]);
    expect(pass.calls).toContain("patch status Kustomization/apps");
  });

  it("what it may not do is refused, in the server's words, and never done in our name", async () => {
    await scenario.put(tenant(ALL));
    await scenario.push(configMap("a") + secret("s", "data: {}"));
    await scenario.spec({ serviceAccountName: "tenant" });
    await scenario.settle();
    expect(await scenario.message()).toBe(
      'Secret/NS/s dry-run failed (Forbidden): secrets "s" is forbidden: User "system:serviceaccount:NS:tenant" cannot patch resource "secrets" in API group "" in the namespace "NS"\n',
    );
    expect(await scenario.names("v1", "Secret")).toEqual([]);
    expect(await scenario.names("v1", "ConfigMap")).toEqual([]);
  });

  it("one that does not exist may nothing: it never falls back to our own", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({ serviceAccountName: "nobody" });
    await scenario.pass();
    expect(await scenario.message()).toMatch(/^ConfigMap\/NS\/a dry-run failed \(Forbidden\): /);
    expect(await scenario.names("v1", "ConfigMap")).toEqual([]);
  });

  it("the default ServiceAccount of the settings is taken where none is named", async () => {
    await scenario.put(tenant(ALL));
    await scenario.push(configMap("a"));
    await scenario.spec({});
    const settings = { defaultServiceAccount: "tenant" };
    expect((await scenario.settle({ settings })).calls).toContain("as tenant: apply ConfigMap/a");
  });

  it("where it may not list, single reads take the LIST's place: same end, nothing asked twice", async () => {
    await scenario.put(tenant(NO_LIST));
    await scenario.push(configMap("a") + configMap("b"));
    await scenario.spec({ serviceAccountName: "tenant" });
    expect((await scenario.settle()).outcome).toBe("succeeded");
    expect((await scenario.atRest()).calls.filter((line) => line.includes("ConfigMap"))).toEqual([
      "as tenant: list ConfigMap",
      "as tenant: get ConfigMap/a",
      "as tenant: get ConfigMap/b",
    ]);
    await scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { data: { key: "drift" } });
    await scenario.push(configMap("a"));
    const pass = await scenario.settle();
    expect(pass.events[0]).toBe("Normal Progressing ConfigMap/NS/a configured");
    expect(pass.events[1]).toBe("Normal Progressing ConfigMap/NS/b deleted");
    expect(await scenario.names("v1", "ConfigMap")).toEqual(["a"]);
  });
});
