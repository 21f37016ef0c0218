import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSandbox, type Sandbox } from "../../../../../lib/local/sandbox/sandbox.ts";
import { type Client, createClient, type Reply } from "../../../../support/sandbox/client.ts";

let sandbox: Sandbox;
let client: Client;
const NS = "/namespaces/default";

beforeAll(async () => {
  sandbox = await createSandbox({ nodes: false });
  client = createClient(sandbox.url, sandbox.kubeconfig());
});
afterAll(async () => {
  client.close();
  await sandbox.stop();
});

function at(value: Json | undefined, path: string): Json | undefined {
  let found = value;
  for (const step of path.split("/")) found = isArray(found) ? found[Number(step)] : isObject(found) ? found[step] : undefined;
  return found;
}
const refusal = ({ code, body }: Reply): string => (code < 300 ? `${code}` : `${code} ${at(body, "message")}`);
const object = (apiVersion: string, kind: string, name: string, fields: JsonObject): JsonObject => ({ apiVersion, kind, metadata: { name }, ...fields });
const pod = (name: string, spec: JsonObject): JsonObject => object("v1", "Pod", name, { spec: { containers: [{ name: "a", image: "x" }], ...spec } });
const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "a", image: "x" }] } };
const selector = { matchLabels: { a: "b" } };

/** Answers of a real kube-apiserver 1.35.4. */
describe("what admission makes of a Pod", () => {
  const post = (spec: JsonObject) => client.send("POST", `/api/v1${NS}/pods?dryRun=All`, { body: pod("a", spec) });

  it("its account's token is mounted", async () => {
    const { body } = await post({});
    const name = at(body, "spec/volumes/0/name");
    expect(name).toMatch(/^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(at(body, "spec/containers/0/volumeMounts")).toEqual([{ name, readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" }]);
    expect(at(body, "spec/serviceAccountName")).toBe("default");
    expect(JSON.stringify(at(body, "metadata/managedFields"))).not.toContain("f:volumes");
  });
  it("not when it is not wanted", async () => expect(at((await post({ automountServiceAccountToken: false })).body, "spec/volumes")).toBeUndefined());
  it.each<[string, JsonObject, string]>([
    ["no such priority class", { priorityClassName: "nope" }, '403 pods "a" is forbidden: no PriorityClass with name nope was found'],
    [
      "no such account",
      { serviceAccountName: "nope" },
      '403 pods "a" is forbidden: error looking up service account default/nope: serviceaccount "nope" not found',
    ],
  ])("%s", async (_, spec, want) => expect(refusal(await post(spec))).toBe(want));
  it.each<[string, JsonObject, JsonObject]>([
    ["no class", {}, { priority: 0, preemptionPolicy: "PreemptLowerPriority" }],
    ["a class of the system", { priorityClassName: "system-node-critical" }, { priority: 2_000_001_000, preemptionPolicy: "PreemptLowerPriority" }],
  ])("priority of %s", async (_, spec, want) => expect((await post(spec)).body.spec).toMatchObject(want));
  it.each<[string, readonly JsonObject[], readonly string[]]>([
    ["none", [], ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]],
    ["everything", [{ operator: "Exists" }], [""]],
    [
      "one",
      [{ key: "node.kubernetes.io/unreachable", effect: "NoExecute", operator: "Exists" }],
      ["node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready"],
    ],
  ])("tolerations when %s is tolerated", async (_, tolerations, keys) => {
    const { body } = await post({ tolerations });
    const found = at(body, "spec/tolerations");
    expect(isArray(found) && found.map((one) => at(one, "key") ?? "")).toEqual(keys);
  });
});

describe("a DaemonSet counts its templates", () => {
  it("in an annotation that nobody can set", async () => {
    const path = `/apis/apps/v1${NS}/daemonsets`;
    const set = object("apps/v1", "DaemonSet", "counted", { spec: { selector, template } });
    const count = ({ body }: Reply) => [at(body, "metadata/annotations/deprecated.daemonset.template.generation"), at(body, "metadata/generation")];
    expect(count(await client.send("POST", path, { body: set }))).toEqual(["1", 1]);
    const image = (name: string) => ({ spec: { template: { spec: { containers: [{ name: "a", image: name }] } } } });
    expect(count(await client.send("PATCH", `${path}/counted`, { body: image("y"), type: "merge" }))).toEqual(["2", 2]);
    expect(count(await client.send("PATCH", `${path}/counted`, { body: { spec: { minReadySeconds: 1 } }, type: "merge" }))).toEqual(["2", 3]);
    expect(count(await client.send("PUT", `${path}/counted`, { body: { ...set, metadata: { name: "counted", annotations: {} } } }))).toEqual(["3", 4]);
  });
});

describe("address families of a Service, on a cluster with IPv4", () => {
  it.each<[JsonObject, string]>([
    [{ clusterIP: "None" }, "IPv4,IPv6 RequireDualStack"],
    [{ clusterIP: "None", selector: { a: "b" } }, "IPv4 SingleStack"],
    [{ clusterIP: "None", ipFamilyPolicy: "SingleStack" }, "IPv4 SingleStack"],
    [{ clusterIP: "None", ipFamilies: ["IPv6"] }, "IPv6,IPv4 RequireDualStack"],
    [{ ipFamilyPolicy: "PreferDualStack" }, "IPv4 PreferDualStack"],
    [
      { ipFamilyPolicy: "RequireDualStack" },
      '422 Service "a" is invalid: spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    ],
    [{ ipFamilies: ["IPv6"] }, '422 Service "a" is invalid: spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster'],
    [{ type: "ExternalName", externalName: "x.y" }, "undefined undefined"],
  ])("%j", async (spec, want) => {
    const answer = await client.send("POST", `/api/v1${NS}/services?dryRun=All`, {
      body: object("v1", "Service", "a", { spec: { ports: [{ port: 80 }], ...spec } }),
    });
    expect(answer.code < 300 ? `${at(answer.body, "spec/ipFamilies")} ${at(answer.body, "spec/ipFamilyPolicy")}` : refusal(answer)).toBe(want);
  });
});

describe("a Job's own selector", () => {
  const job = (spec: JsonObject) =>
    object("batch/v1", "Job", "a", { spec: { template: { ...template, spec: { ...template.spec, restartPolicy: "Never" } }, ...spec } });
  const post = (spec: JsonObject) => client.send("POST", `/apis/batch/v1${NS}/jobs?dryRun=All`, { body: job(spec) });
  it.each<[string, JsonObject, RegExp]>([
    ["made by the server", {}, /^201$/],
    ["made by hand, and said so", { manualSelector: true, selector }, /^201$/],
    [
      "made by hand",
      { selector },
      /^422 Job.batch "a" is invalid: spec.selector: Invalid value: \{"matchLabels":\{"a":"b","batch.kubernetes.io\/controller-uid":"[-0-9a-f]+"\}\}: `selector` not auto-generated$/,
    ],
    [
      "missing",
      { manualSelector: true },
      /^422 Job.batch "a" is invalid: \[spec.selector: Required value, spec.template.metadata.labels: Invalid value: \{"a":"b"\}: `selector` does not match template `labels`\]$/,
    ],
  ])("%s", async (_, spec, want) => expect(refusal(await post(spec))).toMatch(want));
});

describe("Events", () => {
  const about = { kind: "Node", name: "x", namespace: "default" };
  const old = (fields: JsonObject) => object("v1", "Event", "a", { involvedObject: about, reason: "r", message: "m", type: "Normal", ...fields });
  const now = (fields: JsonObject) => object("events.k8s.io/v1", "Event", "a", { regarding: about, reason: "r", note: "m", type: "Normal", ...fields });
  const seen = { eventTime: "2026-01-01T00:00:00.000000Z", action: "a", reportingController: "c", reportingInstance: "i" };
  it.each<[string, JsonObject, string]>([
    ["of an object", old({}), "201"],
    [
      "of an object in another namespace",
      old({ involvedObject: { ...about, namespace: "other" } }),
      '422 Event "a" is invalid: involvedObject.namespace: Invalid value: "other": does not match event.namespace',
    ],
    [
      "with a time and nobody who saw it",
      old({ eventTime: seen.eventTime, reportingComponent: "c" }),
      '422 Event "a" is invalid: [reportingInstance: Required value, action: Required value]',
    ],
    ["in the new group", now(seen), "201"],
    [
      "in the new group without a time",
      now({ type: "Odd" }),
      '422 Event "a" is invalid: [eventTime: Required value, type: Invalid value: "": has invalid value: Odd]',
    ],
  ])("%s", async (_, body, want) => {
    const base = body.apiVersion === "v1" ? "/api/v1" : "/apis/events.k8s.io/v1";
    expect(refusal(await client.send("POST", `${base}${NS}/events?dryRun=All`, { body }))).toBe(want);
  });
  it("written in the new group, read in the old", async () => {
    await client.send("POST", `/apis/events.k8s.io/v1${NS}/events`, { body: { ...now(seen), metadata: { name: "both" } } });
    const { body } = await client.send("GET", `/api/v1${NS}/events/both`);
    expect(body).toMatchObject({ involvedObject: about, message: "m", source: {}, firstTimestamp: null, lastTimestamp: null, reportingComponent: "c" });
  });
});

describe("storage in use is protected", () => {
  it("a volume goes when no claim is bound to it", async () => {
    const volume = object("v1", "PersistentVolume", "kept", {
      spec: { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, hostPath: { path: "/x" } },
    });
    expect(at((await client.send("POST", "/api/v1/persistentvolumes", { body: volume })).body, "metadata/finalizers")).toEqual(["kubernetes.io/pv-protection"]);
    await client.send("DELETE", "/api/v1/persistentvolumes/kept");
    await expect.poll(async () => (await client.send("GET", "/api/v1/persistentvolumes/kept")).code).toBe(404);
  });
});

describe("who owns the number of replicas after a change through scale", () => {
  const owners = (body: JsonObject): readonly string[] => {
    const entries = at(body, "metadata/managedFields");
    const own = isArray(entries) ? entries.filter((entry) => at(entry, "manager") !== "kube-controller-manager") : [];
    return own.map((entry) => {
      const fields = at(entry, "fieldsV1/f:spec");
      const owns = isObject(fields) && Object.hasOwn(fields, "f:replicas");
      return `${at(entry, "manager")}${at(entry, "subresource") === undefined ? "" : `/${at(entry, "subresource")}`}${owns ? " replicas" : ""}${at(entry, "time") === undefined ? " timeless" : ""}`;
    });
  };
  /** As a real kube-apiserver 1.35.4 was found to do. */
  it("an equal number moves it, too, and then drops it", async () => {
    const path = `/apis/apps/v1${NS}/statefulsets`;
    await client.send("POST", `${path}?fieldManager=m`, {
      body: object("apps/v1", "StatefulSet", "s", { spec: { replicas: 0, serviceName: "a", selector, template } }),
    });
    // Its controller writes the status, and with it the owners.
    await expect.poll(async () => at((await client.send("GET", `${path}/s`)).body, "status/updateRevision")).toBeDefined();
    const scaled = async (replicas: number) => {
      await client.send("PATCH", `${path}/s/scale?fieldManager=m`, { body: { spec: { replicas } }, type: "merge" });
      return owners((await client.send("GET", `${path}/s`)).body);
    };
    expect(await scaled(0)).toEqual(["m replicas timeless", "m"]);
    expect(await scaled(0)).toEqual(["m"]);
    expect(await scaled(3)).toEqual(["m"]);
  });
});

describe("admission webhooks, none of which can be reached", () => {
  const path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
  const gate = (fields: JsonObject): JsonObject => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "gate" },
    webhooks: [
      {
        name: "x.example.com",
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["*"], resources: ["configmaps"] }],
        clientConfig: { service: { name: "nope", namespace: "default", path: "/p" } },
        ...fields,
      },
    ],
  });
  const failed = (why: string, url = "https://nope.default.svc:443/p?timeout=10s"): string =>
    `500 Internal error occurred: failed calling webhook "x.example.com": failed to call webhook: Post "${url}": ${why}`;
  const map = object("v1", "ConfigMap", "hooked", { data: {} });
  /** The answer to a dry-run creation while there is such a webhook. */
  async function asked(fields: JsonObject, send = () => client.send("POST", `/api/v1${NS}/configmaps?dryRun=All`, { body: map })): Promise<string> {
    expect((await client.send("POST", path, { body: gate(fields) })).code).toBe(201);
    const answer = refusal(await send());
    await client.send("DELETE", `${path}/gate`);
    return answer;
  }

  it.each<[string, JsonObject, string]>([
    ["a service that is not there", {}, failed('service "nope" not found')],
    [
      "a service",
      { clientConfig: { service: { name: "kubernetes", namespace: "default" } } },
      failed("dial tcp 10.96.0.1:443: connect: connection refused", "https://kubernetes.default.svc:443/?timeout=10s"),
    ],
    [
      "a URL",
      { timeoutSeconds: 2, clientConfig: { url: "https://127.0.0.1:9/x" } },
      failed("dial tcp 127.0.0.1:9: connect: connection refused", "https://127.0.0.1:9/x?timeout=2s"),
    ],
    ["one that may fail", { failurePolicy: "Ignore" }, "201"],
    ["another kind", { rules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["secrets", "configmaps/status"] }] }, "201"],
    ["another operation", { rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["UPDATE"], resources: ["*"] }] }, "201"],
    ["another namespace", { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "other" } } }, "201"],
    ["other objects", { objectSelector: { matchLabels: { a: "b" } } }, "201"],
    ["this namespace", { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "default" } } }, failed('service "nope" not found')],
  ])("%s", async (_, fields, want) => expect(await asked(fields)).toBe(want));
  it("changes and deletions, too", async () => {
    await client.send("POST", `/api/v1${NS}/configmaps`, { body: map });
    const one = `/api/v1${NS}/configmaps/hooked`;
    expect(await asked({}, () => client.send("PATCH", one, { body: { data: { a: "b" } }, type: "merge" }))).toBe(failed('service "nope" not found'));
    expect(await asked({}, () => client.send("DELETE", one))).toBe(failed('service "nope" not found'));
    expect((await client.send("DELETE", one)).code).toBe(200);
  });
});

describe("deep objects", () => {
  it("are taken as deep as a body may be, by every way of writing, and shown again", async () => {
    const version = { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } } };
    const names = { plural: "deeps", kind: "Deep" };
    const definition = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "deeps.x.io", {
      spec: { group: "x.io", scope: "Namespaced", names, versions: [version] },
    });
    await client.send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", { body: definition });
    const path = `/apis/x.io/v1${NS}/deeps`;
    const deep: Json = JSON.parse(`${'{"a":'.repeat(490)}1${"}".repeat(490)}`);
    await expect.poll(async () => (await client.send("GET", path)).code).toBe(200);
    expect(refusal(await client.send("POST", path, { body: object("x.io/v1", "Deep", "d", { deep }) }))).toBe("201");
    expect(refusal(await client.send("PATCH", `${path}/d?fieldManager=m`, { body: object("x.io/v1", "Deep", "d", { other: deep }), type: "apply" }))).toBe(
      "200",
    );
    expect(refusal(await client.send("PATCH", `${path}/d`, { body: { deep: null, third: deep }, type: "merge" }))).toBe("200");
    expect((await client.send("GET", `${path}/d`)).body.third).toEqual(deep);
    const tooDeep = `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    expect(refusal(await client.send("PATCH", `${path}/d`, { body: tooDeep, type: "merge" }))).toBe(
      "400 error decoding patch: invalid character '[' exceeded max depth",
    );
  });
});
