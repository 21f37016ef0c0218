import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSandbox, type Sandbox } from "../../../../../lib/local/sandbox/sandbox.ts";
import { type Client, createClient, type Reply } from "../../../../support/sandbox/client.ts";

let sandbox: Sandbox;
let client: Client;
let count = 0;

beforeAll(async () => {
  sandbox = await createSandbox({ nodes: false });
  client = createClient(sandbox.url, sandbox.kubeconfig());
});
afterAll(async () => {
  client.close();
  await sandbox.stop();
});

/** The value at a path such as `metadata.name`. */
function at(value: Json | undefined, path: string): Json | undefined {
  let found = value;
  for (const step of path.split("/")) found = isArray(found) ? found[Number(step)] : isObject(found) ? found[step] : undefined;
  return found;
}
const refusal = ({ code, body }: Reply): string => `${code} ${at(body, "reason") ?? ""}: ${at(body, "message")}`;
const names = ({ body }: Reply): readonly Json[] => (isArray(body.items) ? body.items.map((item) => at(item, "metadata/name") ?? null) : []);
const lines = ({ text }: Reply): readonly JsonObject[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
const eventText = (event: JsonObject): string =>
  `${event.type} ${at(event, "object/metadata/name") ?? at(event, "object/message") ?? at(event, "object/metadata/annotations/k8s.io~1initial-events-end") ?? ""}`;

/** A namespace of its own for every test. */
async function inNamespace(): Promise<string> {
  count += 1;
  await client.send("POST", "/api/v1/namespaces", { body: { metadata: { name: `n${count}` } } });
  return `/api/v1/namespaces/n${count}`;
}
const map = (name: string, data: JsonObject = {}, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
  data,
});

describe("what is refused, in the server's words", () => {
  it.each<{ request: string; body?: Json | string; type?: string; want: string }>([
    { request: "GET /api/v1/foos", want: "404 NotFound: the server could not find the requested resource" },
    { request: "GET /api/v1/configmaps/a", want: "404 NotFound: the server could not find the requested resource" },
    { request: "GET NS/configmaps/a/status", want: "404 NotFound: the server could not find the requested resource" },
    { request: "GET NS/configmaps/a/b/c", want: "404 NotFound: the server could not find the requested resource" },
    { request: "GET NS/configmaps/nope", want: '404 NotFound: configmaps "nope" not found' },
    { request: "DELETE NS/configmaps/nope", want: '404 NotFound: configmaps "nope" not found' },
    { request: "PUT NS/configmaps/nope", body: map("nope"), want: '404 NotFound: configmaps "nope" not found' },
    { request: "PUT NS/configmaps", body: {}, want: "405 MethodNotAllowed: the server does not allow this method on the requested resource" },
    { request: "POST NS/configmaps/a", body: {}, want: "405 MethodNotAllowed: the server does not allow this method on the requested resource" },
    { request: "POST /api/v1/configmaps", body: map("a"), want: "405 MethodNotAllowed: the server does not allow this method on the requested resource" },
    {
      request: "POST NS/configmaps",
      body: map("a"),
      type: "text/plain",
      want: "415 UnsupportedMediaType: the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
    },
    { request: "PATCH NS/configmaps/held", body: {}, type: "application/json", want: "415 UnsupportedMediaType: 415: Unsupported Media Type" },
    { request: "POST NS/configmaps", body: map("held"), want: '409 AlreadyExists: configmaps "held" already exists' },
    {
      request: "POST NS/configmaps",
      body: map("a", {}, { namespace: "other" }),
      want: "400 BadRequest: the namespace of the provided object does not match the namespace sent on the request",
    },
    {
      request: "POST NS/configmaps",
      body: { ...map("a"), kind: "Secret" },
      want: '400 BadRequest: Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    },
    {
      request: "POST NS/configmaps",
      body: { ...map("a"), apiVersion: "v2" },
      want: '400 BadRequest: ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2" in scheme "pkg/runtime/scheme.go:111"',
    },
    {
      request: "POST NS/configmaps",
      body: map("a", { a: 1 }),
      want: '400 BadRequest: ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    },
    {
      request: "POST NS/configmaps",
      body: '{"metadata":{"name":"a"',
      want: '400 BadRequest: the object provided is unrecognized (must be of type ConfigMap): couldn\'t get version/kind; json parse error: unexpected end of JSON input ({"metadata":{"name":"a")',
    },
    {
      request: "POST NS/configmaps",
      body: { metadata: {} },
      want: '422 Invalid: ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    },
    { request: "POST NS/configmaps", body: map("a", {}, { resourceVersion: "1" }), want: "500 : resourceVersion should not be set on objects to be created" },
    {
      request: "POST NS/configmaps?fieldValidation=Strict",
      body: { ...map("a"), metadata: { name: "a", bar: 1 }, foo: 1 },
      want: '400 BadRequest: ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "metadata.bar", unknown field "foo"',
    },
    { request: "PUT NS/configmaps/held", body: map("other"), want: "400 BadRequest: the name of the object (other) does not match the name on the URL (held)" },
    {
      request: "PUT NS/configmaps/held",
      body: { metadata: {} },
      want: "400 BadRequest: the name of the object (held based on URL) was undeterminable: name must be provided",
    },
    {
      request: "PUT NS/configmaps/held",
      body: map("held", {}, { resourceVersion: "1" }),
      want: '409 Conflict: Operation cannot be fulfilled on configmaps "held": the object has been modified; please apply your changes to the latest version and try again',
    },
    {
      request: "PATCH NS/configmaps/held",
      type: "merge",
      body: [],
      want: "400 BadRequest: error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
    },
    { request: "PATCH NS/configmaps/held", type: "merge", body: '{"a":', want: "400 BadRequest: error decoding patch: unexpected end of JSON input" },
    {
      request: "PATCH NS/configmaps/held",
      type: "merge",
      body: { metadata: { name: "c" } },
      want: "400 BadRequest: the name of the object (c) does not match the name on the URL (held)",
    },
    {
      request: "PATCH NS/configmaps/held",
      type: "merge",
      body: { metadata: { uid: "c" } },
      want: '422 Invalid: ConfigMap "held" is invalid: metadata.uid: Invalid value: "c": field is immutable',
    },
    {
      request: "PATCH NS/configmaps/held?force=true",
      type: "merge",
      body: {},
      want: '422 Invalid: PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    },
    {
      request: "PATCH NS/configmaps/held?fieldValidation=Bad",
      type: "merge",
      body: {},
      want: '422 Invalid: PatchOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Bad": supported values: "", "Ignore", "Strict", "Warn"',
    },
    {
      request: "PATCH NS/configmaps/held?dryRun=Bad",
      type: "merge",
      body: {},
      want: '422 Invalid: PatchOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Bad"]: supported values: "All"',
    },
    {
      request: "PATCH NS/configmaps/held",
      type: "json",
      body: {},
      want: "400 BadRequest: error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
    },
    {
      request: "PATCH NS/configmaps/held",
      type: "json",
      body: [{ op: "remove", path: "/data/x" }],
      want: "422 Invalid: the server rejected our request due to an error in our request",
    },
    {
      request: "PATCH NS/configmaps/held",
      type: "strategic",
      body: { data: { a: 1 } },
      want: '422 Invalid:  "" is invalid: patch: Invalid value: "map[data:map[a:1]]": cannot convert int64 to string',
    },
    {
      request: "PATCH NS/configmaps/new?fieldManager=x",
      type: "apply",
      body: map("new", {}, { uid: "5" }),
      want: '409 Conflict: Operation cannot be fulfilled on configmaps "new": uid mismatch: the provided object specified uid 5, and no existing object was found',
    },
    { request: "PATCH NS/configmaps/nope", type: "json", body: [], want: '404 NotFound: configmaps "nope" not found' },
    {
      request: "PATCH NS/configmaps/a",
      type: "apply",
      body: map("a"),
      want: '422 Invalid: PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    },
    {
      request: "PATCH NS/configmaps/a?fieldManager=x",
      type: "apply",
      body: map("b"),
      want: "400 BadRequest: the name of the object (b) does not match the name on the URL (a)",
    },
    {
      request: "PATCH NS/configmaps/a?fieldManager=x",
      type: "apply",
      body: { kind: "ConfigMap" },
      want: "400 BadRequest: invalid object type: /, Kind=ConfigMap",
    },
    {
      request: "PATCH NS/configmaps/a?fieldManager=x",
      type: "apply",
      body: { ...map("a"), kind: "Secret" },
      want: "400 BadRequest: invalid object type: /v1, Kind=Secret",
    },
    {
      request: "PATCH NS/configmaps/a?fieldManager=x",
      type: "apply",
      body: map("a", {}, { managedFields: [{ manager: "x" }] }),
      want: "400 BadRequest: metadata.managedFields must be nil",
    },
    {
      request: "PATCH NS/configmaps/a?fieldManager=x",
      type: "apply",
      body: { ...map("a"), foo: 1 },
      want: "500 : failed to create typed patch object (/a; /v1, Kind=ConfigMap): .foo: field not declared in schema",
    },
    {
      request: "PATCH NS/configmaps/a?fieldManager=x",
      type: "apply",
      body: "hello",
      want: "400 BadRequest: error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type map[string]interface {}",
    },
    { request: "POST /api/v1/namespaces/none/configmaps", body: map("a"), want: '404 NotFound: namespaces "none" not found' },
    { request: "PATCH /api/v1/namespaces/none/configmaps/a?fieldManager=x", type: "apply", body: map("a"), want: '404 NotFound: namespaces "none" not found' },
    { request: "DELETE /api/v1/namespaces/default", want: '403 Forbidden: namespaces "default" is forbidden: this namespace may not be deleted' },
    {
      request: "DELETE NS/configmaps/held",
      body: { propagationPolicy: "Bad" },
      want: '422 Invalid: DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Bad": supported values: "Foreground", "Background", "Orphan", "nil"',
    },
    { request: "GET NS/configmaps?limit=x", want: '400 BadRequest: strconv.ParseInt: parsing "x": invalid syntax' },
    { request: "GET NS/configmaps?labelSelector=a%20in", want: "400 BadRequest: unable to parse requirement: found '' expected: '('" },
    {
      request: "GET NS/configmaps?fieldSelector=foo=bar",
      want: '400 BadRequest: "foo" is not a known field selector: only "metadata.name", "metadata.namespace"',
    },
    {
      request: "GET NS/configmaps?resourceVersionMatch=Exact",
      want: '422 Invalid: ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    },
    { request: "GET NS/configmaps?resourceVersion=1&resourceVersionMatch=Exact", want: "410 Expired: The resourceVersion for the provided list is too old." },
    {
      request: "GET NS/configmaps?watch=true&resourceVersion=x",
      want: '500 : resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax',
    },
    {
      request: "GET NS/configmaps?watch=true&sendInitialEvents=true",
      want: '422 Invalid: ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    },
    { request: "GET NS/pods/nope/log", want: '404 NotFound: pods "nope" not found' },
  ])("$request → $want", async ({ request, body, type, want }) => {
    const space = await inNamespace();
    await client.send("POST", `${space}/configmaps`, { body: map("held") });
    const [method = "", path = ""] = request.split(" ");
    const reply = await client.send(method, path.replace("NS", space), { ...(body !== undefined && { body }), ...(type !== undefined && { type }) });
    expect(refusal(reply)).toBe(want);
  });

  it("answers a path that is nothing with a plain page", async () => {
    const replies = await Promise.all(["/foo", "/apis/nothing/v1/foos"].map((path) => client.send("GET", path)));
    expect(replies.map(({ code, text }) => `${code} ${text.trim()}`)).toEqual(["404 404 page not found", "404 404 page not found"]);
  });

  it("takes no body above three megabytes", async () => {
    const space = await inNamespace();
    const reply = await client.send("POST", `${space}/configmaps`, { body: map("big", { a: "x".repeat(3 * 1024 * 1024) }) });
    expect(refusal(reply)).toBe("413 RequestEntityTooLarge: Request entity too large: limit is 3145728");
  });

  it("names a uid or resourceVersion that is not the object's before it deletes", async () => {
    const space = await inNamespace();
    await client.send("POST", `${space}/configmaps`, { body: map("a") });
    const uid = await client.send("DELETE", `${space}/configmaps/a`, { body: { preconditions: { uid: "x" } } });
    const version = await client.send("DELETE", `${space}/configmaps/a`, { body: { preconditions: { resourceVersion: "1" } } });
    expect(refusal(uid)).toMatch(
      /^409 Conflict: Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition \(x\) does not match the UID in record \(.*\)\. The object might have been deleted and then recreated$/,
    );
    expect(refusal(version)).toMatch(
      /the ResourceVersion in the precondition \(1\) does not match the ResourceVersion in record \(\d+\)\. The object might have been modified$/,
    );
  });
});

describe("reads", () => {
  it("lists items of built-in kinds without their type, and a single object with it", async () => {
    const space = await inNamespace();
    await client.send("POST", `${space}/secrets`, { body: { metadata: { name: "a" }, stringData: { a: "b" } } });
    const [one, all] = await Promise.all([client.send("GET", `${space}/secrets/a`), client.send("GET", `${space}/secrets?fieldSelector=metadata.name=a`)]);
    expect([one.body.kind, all.body.kind, at(all.body, "items/0/kind"), names(all)]).toEqual(["Secret", "SecretList", undefined, ["a"]]);
  });

  it("gives pages, and goes on where the last one ended", async () => {
    const space = await inNamespace();
    for (const name of ["a", "b", "c"]) await client.send("POST", `${space}/secrets`, { body: { metadata: { name } } });
    const first = await client.send("GET", `${space}/secrets?limit=2`);
    const token = at(first.body, "metadata/continue");
    const second = await client.send("GET", `${space}/secrets?limit=2&continue=${token}`);
    expect([names(first), at(first.body, "metadata/remainingItemCount"), names(second), at(second.body, "metadata/continue")]).toEqual([
      ["a", "b"],
      1,
      ["c"],
      undefined,
    ]);
    expect(at(second.body, "metadata/resourceVersion")).toBe(at(first.body, "metadata/resourceVersion"));
  });

  it("answers in YAML, and with metadata alone, where that is asked for", async () => {
    const space = await inNamespace();
    await client.send("POST", `${space}/secrets`, { body: { metadata: { name: "a" } } });
    const yaml = await client.send("GET", `${space}/secrets/a`, { headers: { accept: "application/yaml" } });
    const partial = await client.send("GET", `${space}/secrets`, { headers: { accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1" } });
    expect(yaml.text).toContain("\nkind: Secret\nmetadata:\n");
    expect([partial.body.kind, at(partial.body, "items/0/kind"), at(partial.body, "items/0/type")]).toEqual([
      "PartialObjectMetadataList",
      "PartialObjectMetadata",
      undefined,
    ]);
  });

  it("serves an HPA in both versions, and an event in both groups", async () => {
    const space = await inNamespace();
    const scaling = space.replace("/api/v1", "/apis/autoscaling/v1");
    const spec = { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 3, targetCPUUtilizationPercentage: 70 };
    await client.send("POST", `${scaling}/horizontalpodautoscalers`, { body: { metadata: { name: "web" }, spec } });
    const second = await client.send("GET", `${space.replace("/api/v1", "/apis/autoscaling/v2")}/horizontalpodautoscalers/web`);
    const first = await client.send("GET", `${scaling}/horizontalpodautoscalers/web`);
    expect([at(second.body, "spec/metrics/0/resource/target/averageUtilization"), at(first.body, "spec/targetCPUUtilizationPercentage")]).toEqual([70, 70]);
    const event = {
      metadata: { name: "e" },
      involvedObject: { kind: "Pod", namespace: space.split("/").at(-1) ?? "", name: "p" },
      message: "hello",
      reason: "Said",
      type: "Normal",
    };
    await client.send("POST", `${space}/events`, { body: event });
    const moved = await client.send("GET", `${space.replace("/api/v1", "/apis/events.k8s.io/v1")}/events/e`);
    expect([moved.body.apiVersion, moved.body.note, at(moved.body, "regarding/name")]).toEqual(["events.k8s.io/v1", "hello", "p"]);
  });
});

describe("writes", () => {
  it("counts generations by what a user wants, not by labels or status", async () => {
    const space = (await inNamespace()).replace("/api/v1", "/apis/apps/v1");
    const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "a", image: "b" }] } };
    await client.send("POST", `${space}/deployments`, {
      body: { metadata: { name: "d" }, spec: { replicas: 1, selector: { matchLabels: { a: "b" } }, template } },
    });
    const generation = async (path: string, body: Json): Promise<Json | undefined> =>
      at((await client.send("PATCH", `${space}/deployments/d${path}`, { type: "merge", body })).body, "metadata/generation");
    expect(await generation("", { metadata: { labels: { x: "y" } } })).toBe(1);
    expect(await generation("", { spec: { replicas: 2 } })).toBe(2);
    expect(await generation("/status", { spec: { replicas: 5 }, status: { replicas: 2 } })).toBe(2);
    const { body } = await client.send("GET", `${space}/deployments/d`);
    expect(at(body, "spec/replicas")).toBe(2);
  });

  it("writes nothing, and keeps the resourceVersion, when nothing changes", async () => {
    const space = await inNamespace();
    const created = await client.send("POST", `${space}/configmaps`, { body: map("a", { k: "v" }) });
    const again = await client.send("PATCH", `${space}/configmaps/a`, { type: "merge", body: { data: { k: "v" } } });
    expect(at(again.body, "metadata/resourceVersion")).toBe(at(created.body, "metadata/resourceVersion"));
  });

  it.each(["POST", "PATCH", "PUT", "DELETE"])("%s with dryRun changes nothing", async (method) => {
    const space = await inNamespace();
    await client.send("POST", `${space}/configmaps`, { body: map("a", { k: "v" }) });
    const before = await client.send("GET", `${space}/configmaps?fieldSelector=metadata.name!=kube-root-ca.crt`);
    const body = method === "POST" ? map("b") : map("a", { k: "w" });
    const path = method === "POST" ? `${space}/configmaps?dryRun=All` : `${space}/configmaps/a?dryRun=All`;
    const reply = await client.send(method, path, method === "DELETE" ? {} : { body, ...(method === "PATCH" && { type: "merge" }) });
    const after = await client.send("GET", `${space}/configmaps?fieldSelector=metadata.name!=kube-root-ca.crt`);
    expect([reply.code < 300, after.body.items]).toEqual([true, before.body.items]);
  });

  it("warns of unknown fields, and drops them", async () => {
    const space = await inNamespace();
    const reply = await client.send("POST", `${space}/configmaps`, { body: { ...map("a"), foo: 1 } });
    expect([reply.code, reply.headers.warning, reply.body.foo]).toEqual([201, '299 - "unknown field \\"foo\\""', undefined]);
  });

  it("turns a Secret's stringData into data", async () => {
    const space = await inNamespace();
    const reply = await client.send("POST", `${space}/secrets`, { body: { metadata: { name: "a" }, stringData: { a: "b" } } });
    expect([reply.body.data, reply.body.stringData]).toEqual([{ a: "Yg==" }, undefined]);
  });

  it("selects a Job's Pods by its uid", async () => {
    const space = (await inNamespace()).replace("/api/v1", "/apis/batch/v1");
    const template = { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "b" }] } };
    const { body } = await client.send("POST", `${space}/jobs`, { body: { metadata: { name: "j" }, spec: { template } } });
    const uid = at(body, "metadata/uid") ?? "";
    expect([at(body, "spec/selector/matchLabels"), at(body, "spec/template/metadata/labels/job-name")]).toEqual([
      { "batch.kubernetes.io/controller-uid": uid },
      "j",
    ]);
  });

  it("makes a name out of generateName", async () => {
    const space = await inNamespace();
    const reply = await client.send("POST", `${space}/configmaps`, { body: { metadata: { generateName: "web-" } } });
    expect(at(reply.body, "metadata/name")).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it("gives a Service an address that no other has", async () => {
    const space = await inNamespace();
    const made = await Promise.all(
      ["a", "b"].map((name) => client.send("POST", `${space}/services`, { body: { metadata: { name }, spec: { type: "NodePort", ports: [{ port: 80 }] } } })),
    );
    const addresses = made.map(({ body }) => at(body, "spec/clusterIP"));
    const ports = made.map(({ body }) => at(body, "spec/ports/0/nodePort"));
    expect([new Set(addresses).size, new Set(ports).size, addresses.every((address) => /^10\.96\./.test(String(address)))]).toEqual([2, 2, true]);
  });

  it("reads and writes the number of replicas through scale", async () => {
    const space = (await inNamespace()).replace("/api/v1", "/apis/apps/v1");
    const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "a", image: "b" }] } };
    await client.send("POST", `${space}/deployments`, {
      body: { metadata: { name: "d" }, spec: { replicas: 0, selector: { matchLabels: { a: "b" } }, template } },
    });
    const zero = await client.send("GET", `${space}/deployments/d/scale`);
    const three = await client.send("PATCH", `${space}/deployments/d/scale?fieldManager=me`, { type: "merge", body: { spec: { replicas: 3 } } });
    const bad = await client.send("PATCH", `${space}/deployments/d/scale`, { type: "merge", body: { spec: { replicas: -1 } } });
    expect([zero.body.kind, zero.body.spec, at(zero.body, "status/selector"), three.body.spec]).toEqual(["Scale", {}, "a=b", { replicas: 3 }]);
    expect(refusal(bad)).toBe('422 Invalid: Scale.autoscaling "d" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0');
    const { body } = await client.send("GET", `${space}/deployments/d`);
    const entry = isArray(at(body, "metadata/managedFields"))
      ? (at(body, "metadata/managedFields") as readonly JsonObject[]).find(({ manager }) => manager === "me")
      : undefined;
    expect(entry).toEqual({
      manager: "me",
      operation: "Update",
      apiVersion: "apps/v1",
      fieldsType: "FieldsV1",
      fieldsV1: { "f:spec": { "f:replicas": {} } },
      subresource: "scale",
    });
  });
});

describe("server-side apply", () => {
  const apply = (path: string, body: Json, manager = "x", query = ""): Promise<Reply> =>
    client.send("PATCH", `${path}?fieldManager=${manager}${query}`, { type: "apply", body });

  it("creates, owns, gives up, and is refused what another owns", async () => {
    const path = `${await inNamespace()}/configmaps/a`;
    const created = await apply(path, map("a", { one: "1", two: "2" }));
    const fewer = await apply(path, map("a", { one: "1" }));
    const refused = await apply(path, map("a", { one: "other" }), "y");
    const forced = await apply(path, map("a", { one: "other" }), "y", "&force=true");
    expect([created.code, fewer.code, fewer.body.data, refusal(refused), forced.body.data]).toEqual([
      201,
      200,
      { one: "1" },
      '409 Conflict: Apply failed with 1 conflict: conflict with "x": .data.one',
      { one: "other" },
    ]);
    expect(at(refused.body, "details/causes")).toEqual([{ reason: "FieldManagerConflict", message: 'conflict with "x"', field: ".data.one" }]);
  });

  it("changes nothing the second time", async () => {
    const path = `${await inNamespace()}/configmaps/a`;
    const first = await apply(path, map("a", { one: "1" }));
    const second = await apply(path, map("a", { one: "1" }));
    expect(second.text).toBe(first.text);
  });

  it("holds a resourceVersion that it is given against the object's", async () => {
    const path = `${await inNamespace()}/configmaps/a`;
    await apply(path, map("a"));
    expect(refusal(await apply(path, map("a", {}, { resourceVersion: "5" })))).toBe(
      '409 Conflict: Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    );
  });
});

describe("deletion", () => {
  it("answers with a Status, or with the object where its kind does", async () => {
    const space = await inNamespace();
    const created = await client.send("POST", `${space}/configmaps`, { body: map("a") });
    await client.send("POST", `${space}/serviceaccounts`, { body: { metadata: { name: "a" } } });
    const status = await client.send("DELETE", `${space}/configmaps/a`);
    const object = await client.send("DELETE", `${space}/serviceaccounts/a`);
    expect(status.body).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Success",
      details: { name: "a", kind: "configmaps", uid: at(created.body, "metadata/uid") },
    });
    expect(object.body.kind).toBe("ServiceAccount");
  });

  it("waits for finalizers, takes no new ones meanwhile, and ends with the last", async () => {
    const path = `${await inNamespace()}/configmaps`;
    await client.send("POST", path, { body: map("a", {}, { finalizers: ["x.io/a", "x.io/b"] }) });
    const deleted = await client.send("DELETE", `${path}/a`);
    expect([typeof at(deleted.body, "metadata/deletionTimestamp"), at(deleted.body, "metadata/deletionGracePeriodSeconds")]).toEqual(["string", 0]);
    const more = await client.send("PATCH", `${path}/a`, { type: "merge", body: { metadata: { finalizers: ["x.io/a", "x.io/c"] } } });
    expect(refusal(more)).toBe(
      '422 Invalid: ConfigMap "a" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"x.io/c"}',
    );
    const none = await client.send("PATCH", `${path}/a`, { type: "merge", body: { metadata: { finalizers: null } } });
    expect([none.code, (await client.send("GET", `${path}/a`)).code]).toEqual([200, 404]);
  });

  it("deletes a collection by selector", async () => {
    const path = `${await inNamespace()}/secrets`;
    for (const [name, app] of [
      ["a", "web"],
      ["b", "api"],
    ] as const)
      await client.send("POST", path, { body: { metadata: { name, labels: { app } } } });
    const reply = await client.send("DELETE", `${path}?labelSelector=app=web`);
    expect([reply.code, names(await client.send("GET", path))]).toEqual([200, ["b"]]);
  });

  it("lets nothing new into a namespace that is being deleted", async () => {
    const space = await inNamespace();
    await client.send("POST", `${space}/configmaps`, { body: map("held", {}, { finalizers: ["x.io/a"] }) });
    const deleted = await client.send("DELETE", space);
    expect([at(deleted.body, "status/phase"), at(deleted.body, "spec/finalizers")]).toEqual(["Terminating", ["kubernetes"]]);
    const name = space.split("/").at(-1);
    const wanted = `403 Forbidden: configmaps "late" is forbidden: unable to create new content in namespace ${name} because it is being terminated`;
    const created = await client.send("POST", `${space}/configmaps`, { body: map("late") });
    const applied = await client.send("PATCH", `${space}/configmaps/late?fieldManager=x`, { type: "apply", body: map("late") });
    expect([refusal(created), refusal(applied), at(created.body, "details/causes/0/reason")]).toEqual([wanted, wanted, "NamespaceTerminating"]);
  });
});

describe("watch", () => {
  it("tells what happened after a resourceVersion", async () => {
    const path = `${await inNamespace()}/secrets`;
    const before = await client.send("GET", path);
    await client.send("POST", path, { body: { metadata: { name: "a" } } });
    await client.send("PATCH", `${path}/a`, { type: "merge", body: { metadata: { labels: { x: "y" } } } });
    await client.send("DELETE", `${path}/a`);
    const version = at(before.body, "metadata/resourceVersion");
    expect(lines(await client.send("GET", `${path}?watch=true&resourceVersion=${version}&timeoutSeconds=0`)).map(eventText)).toEqual([
      "ADDED a",
      "MODIFIED a",
      "DELETED a",
    ]);
    const selected = await client.send("GET", `${path}?watch=true&resourceVersion=${version}&labelSelector=x=y&timeoutSeconds=0`);
    expect(lines(selected).map(eventText)).toEqual(["ADDED a", "DELETED a"]);
  });

  it("begins with everything that is there, and says where that ends", async () => {
    const path = `${await inNamespace()}/secrets`;
    await client.send("POST", path, { body: { metadata: { name: "a" } } });
    const plain = await client.send("GET", `${path}?watch=true&timeoutSeconds=0`);
    const streamed = await client.send(
      "GET",
      `${path}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=0`,
    );
    expect(lines(plain).map(eventText)).toEqual(["ADDED a"]);
    const [, bookmark] = lines(streamed);
    expect([bookmark?.type, at(bookmark, "object/kind"), at(bookmark, "object/metadata/annotations")]).toEqual([
      "BOOKMARK",
      "Secret",
      { "k8s.io/initial-events-end": "true" },
    ]);
  });

  it("tells of what happens while it lasts", async () => {
    const path = `${await inNamespace()}/secrets`;
    const watching = client.send("GET", `${path}?watch=true&timeoutSeconds=1`);
    await client.send("POST", path, { body: { metadata: { name: "a" } } });
    expect(lines(await watching).map(eventText)).toEqual(["ADDED a"]);
  });
});

describe("custom resources", () => {
  const crd = (plural: string, versions: readonly JsonObject[], scope = "Namespaced"): JsonObject => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.test.io` },
    spec: { group: "test.io", scope, names: { plural, kind: `K${plural}`, singular: `k${plural}`, listKind: `K${plural}List` }, versions },
  });
  const version = (name: string, storage: boolean, more: JsonObject = {}): JsonObject => ({
    name,
    served: true,
    storage,
    schema: {
      openAPIV3Schema: {
        type: "object",
        properties: {
          spec: { type: "object", properties: { size: { type: "integer", default: 1 } } },
          status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        },
      },
    },
    ...more,
  });
  const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

  it("are served as soon as their definition is there, in all its versions", async () => {
    await client.send("POST", definitions, { body: crd("alphas", [version("v1", true), version("v2", false)]) });
    const { body } = await client.send("GET", `${definitions}/alphas.test.io`);
    const conditions = at(body, "status/conditions");
    expect(isArray(conditions) && conditions.map((condition) => `${at(condition, "type")}=${at(condition, "status")}`)).toEqual([
      "NamesAccepted=True",
      "Established=True",
    ]);
    expect(at(body, "status/storedVersions")).toEqual(["v1"]);
    const path = "/namespaces/default/alphas";
    const created = await client.send("POST", `/apis/test.io/v2${path}`, {
      body: { apiVersion: "test.io/v2", kind: "Kalphas", metadata: { name: "a" }, spec: {}, other: 1 },
    });
    expect([created.code, created.body.apiVersion, created.body.spec, created.body.other, at(created.body, "metadata/generation")]).toEqual([
      201,
      "test.io/v2",
      { size: 1 },
      undefined,
      1,
    ]);
    const other = await client.send("GET", `/apis/test.io/v1${path}/a`);
    expect([other.body.apiVersion, at(other.body, "metadata/uid")]).toEqual(["test.io/v1", at(created.body, "metadata/uid")]);
    const listed = await client.send("GET", `/apis/test.io/v1${path}`);
    expect([listed.body.kind, at(listed.body, "items/0/kind")]).toEqual(["KalphasList", "Kalphas"]);
  });

  it("warn of a version that their definition calls deprecated, as some built-in kinds do", async () => {
    await client.send("POST", definitions, {
      body: crd("deltas", [
        version("v1", true),
        version("v1beta1", false, { deprecated: true }),
        version("v1beta2", false, { deprecated: true, deprecationWarning: "use v1" }),
      ]),
    });
    const warning = async (path: string): Promise<Json> => String((await client.send("GET", path)).headers.warning);
    expect(await Promise.all(["v1", "v1beta1", "v1beta2"].map((name) => warning(`/apis/test.io/${name}/deltas`)))).toEqual([
      "undefined",
      '299 - "test.io/v1beta1 Kdeltas is deprecated"',
      '299 - "use v1"',
    ]);
    expect(await warning("/api/v1/endpoints")).toBe('299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"');
  });

  it("need a resourceVersion in a PUT, know no strategic merge, and keep status apart", async () => {
    await client.send("POST", definitions, { body: crd("betas", [version("v1", true, { subresources: { status: {} } })]) });
    const path = "/apis/test.io/v1/namespaces/default/betas";
    const object = { apiVersion: "test.io/v1", kind: "Kbetas", metadata: { name: "a" }, spec: { size: 1 }, status: { ready: true } };
    const created = await client.send("POST", path, { body: object });
    expect(created.body.status).toBeUndefined();
    expect(refusal(await client.send("PUT", `${path}/a`, { body: object }))).toBe(
      '422 Invalid: betas.test.io "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
    expect((await client.send("PATCH", `${path}/a`, { type: "strategic", body: {} })).code).toBe(415);
    const status = await client.send("PATCH", `${path}/a/status`, { type: "merge", body: { spec: { size: 9 }, status: { ready: true } } });
    expect([status.body.spec, status.body.status, at(status.body, "metadata/generation")]).toEqual([{ size: 1 }, { ready: true }, 1]);
    const spec = await client.send("PATCH", `${path}/a`, { type: "merge", body: { spec: { size: 2 }, status: { ready: false } } });
    expect([spec.body.status, at(spec.body, "metadata/generation")]).toEqual([{ ready: true }, 2]);
  });

  it("say their kind, and the right one", async () => {
    await client.send("POST", definitions, { body: crd("epsilons", [version("v1", true)]) });
    const create = async (body: Json): Promise<string> => refusal(await client.send("POST", "/apis/test.io/v1/namespaces/default/epsilons", { body }));
    expect(await create({ metadata: { name: "b" } })).toBe(
      '400 BadRequest: the object provided is unrecognized (must be of type Kepsilons): Object \'Kind\' is missing in \'{"metadata":{"name":"b"}}\' ({"metadata":{"name":"b"}})',
    );
    expect(await create({ apiVersion: "test.io/v1", kind: "Other", metadata: { name: "b" } })).toBe(
      '422 Invalid: Other.test.io "b" is invalid: kind: Invalid value: "Other": must be Kepsilons',
    );
  });

  it("go with their definition, which waits for their finalizers", async () => {
    await client.send("POST", definitions, { body: crd("gammas", [version("v1", true)], "Cluster") });
    const path = "/apis/test.io/v1/gammas";
    const object = (name: string, finalizers: readonly string[]): JsonObject => ({ apiVersion: "test.io/v1", kind: "Kgammas", metadata: { name, finalizers } });
    await client.send("POST", path, { body: object("free", []) });
    await client.send("POST", path, { body: object("held", ["x.io/a"]) });
    await client.send("DELETE", `${definitions}/gammas.test.io`);
    expect(names(await client.send("GET", path))).toEqual(["held"]);
    expect(refusal(await client.send("POST", path, { body: object("late", []) }))).toBe(
      "405 MethodNotAllowed: create not allowed while custom resource definition is terminating",
    );
    await client.send("PATCH", `${path}/held`, { type: "merge", body: { metadata: { finalizers: null } } });
    expect([(await client.send("GET", `${definitions}/gammas.test.io`)).code, (await client.send("GET", path)).code]).toEqual([404, 404]);
  });
});

describe("who may", () => {
  it("is decided before anything else", async () => {
    const other = createClient(sandbox.url, sandbox.kubeconfigFor("jane", ["dev"]));
    const reply = await other.send("GET", "/api/v1/namespaces/default/secrets");
    other.close();
    expect(refusal(reply)).toBe('403 Forbidden: secrets is forbidden: User "jane" cannot list resource "secrets" in API group "" in the namespace "default"');
  });

  it("counts requests by verb, applies and dry-runs apart", async () => {
    const space = await inNamespace();
    sandbox.requests.reset();
    await client.send("GET", `${space}/secrets`);
    await client.send("PATCH", `${space}/configmaps/a?fieldManager=x&dryRun=All`, { type: "apply", body: map("a") });
    await client.send("PATCH", `${space}/configmaps/a?fieldManager=x`, { type: "apply", body: map("a") });
    expect(sandbox.requests.counts()).toEqual({ list: 1, "apply dry-run": 1, apply: 1 });
  });
});

it("lives by the clock that it is given", async () => {
  const still = await createSandbox({ nodes: false, clock: { now: () => epochMs(Date.parse("2030-01-01T00:00:00Z")) } });
  expect(still.store.get({ group: "", plural: "namespaces" }, "", "default")?.metadata.creationTimestamp).toBe("2030-01-01T00:00:00Z");
  await still.stop();
});
