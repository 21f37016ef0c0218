import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { hours } from "@sluice/engine/domain/time.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Bench, type Scenario, startBench } from "../../../../support/reconcile/bench.ts";
import { configMap, definition, deployment, job, namespaceOf, thing } from "../../../../support/reconcile/manifests.ts";

let bench: Bench;
let scenario: Scenario;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  scenario = await bench.scenario();
});

const GROUP = "NS.example.com";
const READY = "Ready=True:ReconciliationSucceeded | observed 1 of 1";
const FAILED = "Reconciling=True:ProgressingWithRetry Ready=False:ReconciliationFailed | observed -1 of 1";
const data = async (name: string): Promise<Json | undefined> => {
  const found = await scenario.find("v1", "ConfigMap", name);
  return isObject(found?.data as Json) ? (found?.data as Json) : undefined;
};

describe("stages and order", () => {
  it("CRDs and Namespaces before classes, those before the rest; an object in the Namespace and one of the CRD in the same run", async () => {
    await scenario.push(
      `${thing(GROUP, "one")}${configMap("a").replace("namespace: NS", "namespace: NS-made")}${deployment("web")}---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: NS-class}
provisioner: example.com/none
${definition(GROUP)}${namespaceOf("NS-made")}`,
    );
    await scenario.spec({});
    const pass = await scenario.settle();
    expect(pass.writes.filter((line) => line.startsWith("apply"))).toEqual([
      "apply CustomResourceDefinition/things.NS.example.com",
      "apply Namespace/NS-made",
      "apply StorageClass/NS-class",
      "apply ConfigMap/a",
      "apply Deployment/web",
      "apply Thing/one",
    ]);
    expect(await scenario.inventory()).toEqual([
      "_things.NS.example.com_apiextensions.k8s.io_CustomResourceDefinition v1",
      "_NS-made__Namespace v1",
      "_NS-class_storage.k8s.io_StorageClass v1",
      "NS-made_a__ConfigMap v1",
      "NS_web_apps_Deployment v1",
      "NS_one_NS.example.com_Thing v1",
    ]);
    expect(await scenario.line()).toBe(READY);
  });

  it("custom stage kinds come before the rest", async () => {
    await scenario.push(configMap("a") + deployment("web"));
    await scenario.spec({});
    const pass = await scenario.pass({ settings: { customStageKinds: new Set(["apps/Deployment"]) } });
    expect(pass.writes.filter((line) => line.startsWith("apply"))).toEqual(["apply Deployment/web", "apply ConfigMap/a"]);
  });

  it("asks about a whole stage before it writes any of it, and names all that is wrong in it", async () => {
    await scenario.push(
      `${configMap("fine")}${configMap("Bad-One")}---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: NS}
spec: {ports: [{port: 70000}]}
`,
    );
    await scenario.spec({});
    const pass = await scenario.pass();
    expect(await scenario.names("v1", "ConfigMap")).toEqual([]);
    expect((await scenario.message()).split("\n").map((line) => line.slice(0, 60))).toEqual([
      expect.stringMatching(/^ConfigMap\/NS\/Bad-One dry-run failed \(Invalid\): ConfigMap/),
      expect.stringMatching(/^Service\/NS\/web dry-run failed \(Invalid\): Service/),
      "",
    ]);
    expect(pass.events).toHaveLength(1);
    expect(pass.events[0]).toMatch(/^Warning ReconciliationFailed ConfigMap\/NS\/Bad-One dry-run failed.*[^\n]$/s);
    expect(await scenario.line()).toBe(FAILED);
    expect(await scenario.inventory()).toEqual([]);
    expect(await scenario.history()).toEqual(["ReconciliationFailed x1"]);
    expect(pass.queued).toEqual(["Kustomization/NS/apps (failed) in 600s"]);
    await scenario.atRest();
  });

  it("keeps what an earlier stage has applied, in message and inventory", async () => {
    await scenario.push(namespaceOf("NS-made") + configMap("Bad-One"));
    await scenario.spec({ retryInterval: "20s" });
    const pass = await scenario.pass();
    expect((await scenario.message()).split("\n").slice(1)).toEqual(["Namespace/NS-made created"]);
    expect(await scenario.inventory()).toEqual(["_NS-made__Namespace v1"]);
    expect(pass.queued).toEqual(["Kustomization/NS/apps (failed) in 20s"]);
  });
});

describe("what the API server will not have", () => {
  it.each<{ name: string; manifest: string; spec?: object; arrange?: () => Promise<void>; message: RegExp }>([
    {
      name: "an unknown kind",
      manifest: `---\napiVersion: example.com/v1\nkind: Nothing\nmetadata: {name: a, namespace: NS}\n`,
      message: /^Nothing\/NS\/a dry-run failed: no matches for kind "Nothing" in version "example.com\/v1"\n$/,
    },
    {
      name: "a removed version, with the one to use",
      manifest: `---\napiVersion: autoscaling/v2beta1\nkind: HorizontalPodAutoscaler\nmetadata: {name: a, namespace: NS}\nspec: {maxReplicas: 2}\n`,
      message:
        /^HorizontalPodAutoscaler\/NS\/a dry-run failed: no matches for kind "HorizontalPodAutoscaler" in version "autoscaling\/v2beta1".*autoscaling\/v2/,
    },
    {
      name: "a namespace that is not there",
      manifest: configMap("a").replace("NS", "NS-none"),
      message: /^ConfigMap\/NS-none\/a not found: namespaces "NS-none" not found\n$/,
    },
    {
      name: "no namespace at all",
      manifest: "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
      message: /^ConfigMap\/a namespace not specified: the server could not find the requested resource\n$/,
    },
    {
      name: "a namespace that is being deleted",
      manifest: configMap("a").replace("NS", "NS-going"),
      arrange: async () => {
        await scenario.put("---\napiVersion: v1\nkind: Namespace\nmetadata: {name: NS-going}\n");
        await scenario.put(`---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, namespace: NS-going, finalizers: [example.com/hold]}\n`);
        await scenario.remove({ apiVersion: "v1", kind: "Namespace", name: `${scenario.namespace}-going` });
      },
      message:
        /^ConfigMap\/NS-going\/a dry-run failed \(Forbidden\): configmaps "a" is forbidden: unable to create new content in namespace NS-going because it is being terminated\n$/,
    },
    {
      name: "a field of the wrong type",
      manifest: "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: NS}\ndata: {a: 1}\n",
      message:
        /^ConfigMap\/NS\/a dry-run failed: failed to create typed patch object \(NS\/a; \/v1, Kind=ConfigMap\): \.data\.a: expected string, got &value\.valueUnstructured\{Value:1\}\n$/,
    },
    {
      name: "an immutable field without force",
      manifest: job("work", "busybox:2"),
      arrange: async () => scenario.put(job("work", "busybox:1")),
      message: /^Job\/NS\/work dry-run failed \(Invalid\): Job.batch "work" is invalid: spec.template: Invalid value: .*field is immutable\n$/s,
    },
  ])("$name", async ({ manifest, spec = {}, arrange, message }) => {
    await arrange?.();
    await scenario.push(manifest + configMap("z"));
    await scenario.spec({ ...spec });
    const pass = await scenario.pass();
    expect(await scenario.message()).toMatch(message);
    expect(await scenario.line()).toBe(FAILED);
    expect(pass.outcome).toBe("failed");
    expect(pass.events).toEqual([`Warning ReconciliationFailed ${(await scenario.message()).trim()}`]);
    expect(await data("z")).toBeUndefined();
    await scenario.atRest();
    // Put right, all is well; nothing of the failure stays.
    await scenario.push(configMap("z"));
    await scenario.settle();
    expect(await scenario.line()).toBe(READY);
    expect(await data("z")).toEqual({ key: "1" });
  });

  it.each(["spec", "annotation", "label"])("an immutable field with force by %s: deleted and created anew", async (by) => {
    const marked = (text: string): string =>
      by === "spec" ? text : text.replace("namespace: NS}", `namespace: NS, ${by}s: {kustomize.toolkit.fluxcd.io/force: Enabled}}`);
    await scenario.push(marked(job("work", "busybox:1")));
    await scenario.spec({ force: by === "spec" });
    await scenario.pass();
    const before = (await scenario.find("batch/v1", "Job", "work"))?.metadata.uid;
    await scenario.push(marked(job("work", "busybox:2")));
    const pass = await scenario.settle();
    expect(pass.events[0]).toBe("Normal Progressing Job/NS/work created");
    expect((await scenario.find("batch/v1", "Job", "work"))?.metadata.uid).not.toBe(before);
    expect(await scenario.line()).toBe(READY);
  });

  it("what is deleted for a new creation and still held is waited for", async () => {
    const held = (image: string): string => job("work", image);
    await scenario.push(held("busybox:1"));
    await scenario.spec({ force: true });
    await scenario.pass();
    await scenario.merge(scenario.ref("batch/v1", "Job", "work"), { metadata: { finalizers: ["example.com/hold"] } });
    await scenario.push(held("busybox:2"));
    expect((await scenario.pass()).outcome).toBe("progressing");
    expect(await scenario.line()).toBe("Reconciling=True:Progressing Ready=Unknown:Progressing | observed 1 of 1");
    expect((await scenario.pass()).outcome).toBe("progressing");
    await scenario.merge(scenario.ref("batch/v1", "Job", "work"), { metadata: { finalizers: null } });
    await scenario.settle();
    expect(await scenario.line()).toBe(READY);
    expect(JSON.stringify((await scenario.find("batch/v1", "Job", "work"))?.spec)).toContain("busybox:2");
  });
});

describe("drift", () => {
  beforeEach(async () => {
    await scenario.push(configMap("a") + configMap("b"));
    await scenario.spec({});
    await scenario.pass();
  });

  it.each<{ name: string; drift: () => Promise<void>; wants: object }>([
    { name: "a changed value", drift: () => scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { data: { key: "9" } }), wants: { key: "1" } },
    { name: "a removed value", drift: () => scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { data: null }), wants: { key: "1" } },
    { name: "the object is gone", drift: () => scenario.remove(scenario.ref("v1", "ConfigMap", "a")), wants: { key: "1" } },
    {
      name: "our labels are gone",
      drift: () => scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { metadata: { labels: null } }),
      wants: { key: "1" },
    },
    {
      name: "what kubectl edit set",
      drift: () => scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { data: { mine: "1" } }, "kubectl-edit"),
      wants: { key: "1" },
    },
  ])("$name is put right, and nothing else is touched", async ({ drift, wants }) => {
    await drift();
    const pass = await scenario.settle();
    expect(pass.events).toEqual([
      expect.stringMatching(/^Normal Progressing ConfigMap\/NS\/a (created|configured)$/),
      "Normal ReconciliationSucceeded Reconciliation finished in 0s, next run in 10m0s",
    ]);
    expect(await data("a")).toEqual(wants);
    expect(await scenario.line()).toBe(READY);
    expect(pass.writes.filter((line) => line.endsWith("/b"))).toEqual([]);
  });

  it("a field of somebody else's own stays", async () => {
    await scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { data: { theirs: "1" } }, "somebody");
    const pass = await scenario.atRest();
    expect(pass.events).toEqual([]);
    expect(await data("a")).toEqual({ key: "1", theirs: "1" });
  });

  it("an object that was somebody else's is taken over", async () => {
    await scenario.put("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: theirs, namespace: NS}\ndata: {key: theirs}\n", "helm");
    await scenario.push(configMap("a") + configMap("b") + configMap("theirs"));
    const pass = await scenario.settle();
    expect(pass.events[0]).toBe("Normal Progressing ConfigMap/NS/theirs configured");
    expect(await data("theirs")).toEqual({ key: "1" });
  });
});

describe("controls on single objects", () => {
  const A = "kustomize.toolkit.fluxcd.io";
  it.each<{ name: string; metadata: string; on: "desired" | "live"; wants: string }>([
    { name: "reconcile: disabled", metadata: `annotations: {${A}/reconcile: Disabled}`, on: "desired", wants: "live" },
    { name: "reconcile: disabled as a label", metadata: `labels: {${A}/reconcile: disabled}`, on: "desired", wants: "live" },
    { name: "ssa: Ignore", metadata: `annotations: {${A}/ssa: ignore}`, on: "desired", wants: "live" },
    { name: "ssa: IfNotPresent", metadata: `annotations: {${A}/ssa: IfNotPresent}`, on: "desired", wants: "live" },
    { name: "ssa: Override", metadata: `annotations: {${A}/ssa: Override}`, on: "desired", wants: "git" },
    { name: "ssa: Ignore in the cluster", metadata: `annotations: {${A}/ssa: Ignore}`, on: "live", wants: "live" },
    { name: "reconcile: disabled in the cluster", metadata: `annotations: {${A}/reconcile: disabled}`, on: "live", wants: "live" },
    { name: "ssa: IfNotPresent in the cluster only", metadata: `annotations: {${A}/ssa: IfNotPresent}`, on: "live", wants: "git" },
  ])("$name, on the $on object", async ({ metadata, on, wants }) => {
    const git = configMap("a", "git", on === "desired" ? metadata : "");
    await scenario.put(configMap("a", "live", on === "live" ? metadata : ""));
    await scenario.push(git);
    await scenario.spec({});
    await scenario.settle();
    expect(await data("a")).toEqual({ key: wants });
    expect(await scenario.inventory()).toEqual(["NS_a__ConfigMap v1"]);
    expect(await scenario.line()).toBe(READY);
    // Taken out of Git: an object that was skipped is not ours to delete.
    await scenario.push(configMap("b"));
    await scenario.pass();
    expect((await scenario.names("v1", "ConfigMap")).includes("a")).toBe(wants === "live");
  });

  it("ssa: IfNotPresent creates what is not there, and leaves it alone ever after", async () => {
    await scenario.push(configMap("a", "1", `annotations: {${A}/ssa: IfNotPresent}`));
    await scenario.spec({});
    await scenario.settle();
    await scenario.push(configMap("a", "2", `annotations: {${A}/ssa: IfNotPresent}`));
    await scenario.settle();
    expect(await data("a")).toEqual({ key: "1" });
  });

  it("ssa: Merge keeps what kubectl has set", async () => {
    await scenario.push(configMap("a", "1", `annotations: {${A}/ssa: Merge}`));
    await scenario.spec({});
    await scenario.pass();
    await scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { data: { mine: "1" } }, "kubectl-edit");
    await scenario.settle();
    expect(await data("a")).toEqual({ key: "1", mine: "1" });
  });
});

describe("spec.ignore", () => {
  const ignore = [{ paths: ["/data/key"], target: { kind: "ConfigMap", name: "a" } }];

  it("a pointer that drifts is left alone, also when something else is put right; a new object gets all of Git's", async () => {
    await scenario.push(configMap("a") + configMap("b"));
    await scenario.spec({ ignore });
    await scenario.settle();
    expect(await data("a")).toEqual({ key: "1" });
    await scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { data: { key: "live" } });
    expect((await scenario.pass()).events).toEqual([]);
    expect(await data("a")).toEqual({ key: "live" });
    await scenario.push(`${configMap("a").replace('key: "1"', 'key: "1", more: "1"')}${configMap("b", "2")}`);
    await scenario.pass();
    expect(await data("a")).toEqual({ key: "live", more: "1" });
    expect(await data("b")).toEqual({ key: "2" });
    expect((await scenario.pass()).writes).toEqual([]);
  });

  it("what a rule let stand is put right when the rule goes", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({ ignore });
    await scenario.settle();
    await scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { data: { key: "live" } });
    await scenario.pass();
    expect(await data("a")).toEqual({ key: "live" });
    await scenario.spec({ ignore: [] });
    await scenario.pass();
    expect(await data("a")).toEqual({ key: "1" });
  });

  it("a rule that cannot be read says so, and nothing is applied", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({ ignore: [{ paths: ["/data"], target: { name: "(" } }] });
    await scenario.pass();
    expect(await scenario.line()).toBe(FAILED);
    expect(await scenario.message()).toMatch(/\(/);
    expect(await data("a")).toBeUndefined();
  });
});

describe("what is asked, and what is not", () => {
  it("changed schemas: everything is asked once more, and then no more", async () => {
    await scenario.put(definition(GROUP));
    await scenario.push(thing(GROUP, "one") + configMap("a"));
    await scenario.spec({});
    await scenario.settle();
    await scenario.put(definition(GROUP).replace("spec: {type: object,", "note: {type: string}\n            spec: {type: object,"));
    const { asked } = await scenario.pass();
    expect(asked).toContain("dry-run Thing/one");
    expect(asked).not.toContain("dry-run ConfigMap/a");
    await scenario.atRest();
  });

  it("once a day every object is asked about, in one pass", async () => {
    await scenario.push(["a", "b", "c"].map((name) => configMap(name)).join(""));
    await scenario.spec({ interval: "1h" });
    await scenario.settle();
    const asked: string[][] = [];
    for (let hour = 0; hour < 24; hour++) {
      scenario.wait(3_600_000);
      asked.push([...(await scenario.pass({ settings: { fullLookEvery: hours(24) } })).asked].toSorted());
    }
    expect(asked.filter((one) => one.length > 0)).toEqual([["dry-run ConfigMap/a", "dry-run ConfigMap/b", "dry-run ConfigMap/c"]]);
    scenario.wait(-24 * 3_600_000);
  });

  it("an answer of no change is remembered for the pair of desired and live object", async () => {
    // A quantity that the server writes in another way: the walk cannot tell, the server can.
    const quota = `---\napiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q, namespace: NS}\nspec: {hard: {cpu: "1000m"}}\n`;
    await scenario.push(quota);
    await scenario.spec({});
    await scenario.pass();
    const second = await scenario.pass();
    const third = await scenario.pass();
    expect(second.writes).toEqual([]);
    expect(third.asked).toEqual([]);
  });

  it("a thousand objects at rest take at most 30 requests, one changed line at most 40", async () => {
    const all = (changed: string): string => Array.from({ length: 1000 }, (_, index) => configMap(`m-${index}`, index === 500 ? changed : "1")).join("");
    await scenario.push(all("1"));
    await scenario.spec({});
    await scenario.pass();
    const rest = await scenario.pass();
    expect(rest.requests).toBeLessThanOrEqual(30);
    await scenario.push(all("2"));
    const change = await scenario.pass();
    expect(change.writes.filter((line) => line.startsWith("apply"))).toEqual(["apply ConfigMap/m-500"]);
    expect(change.requests).toBeLessThanOrEqual(40);
  }, 120_000);
});
