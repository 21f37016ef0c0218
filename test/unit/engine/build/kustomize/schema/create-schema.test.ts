import { type BuildSchema, createSchema, type Preload } from "@sluice/engine/build/kustomize/schema/create-schema.ts";
import type { SchemaNode } from "@sluice/engine/build/kustomize/schema/schema.ts";
import { describe, expect, it } from "vitest";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const NO_FIELDS: ReadonlyMap<string, string> = new Map();
const path = new Map([["path", "schema.json"]]);

const used = (document: string, preload: Preload = "built-in kinds"): BuildSchema => {
  const schema = createSchema(preload);
  expect(schema.use(path, bytes(document), true)).toEqual({ ok: true, value: undefined });
  return schema;
};

function at(schema: BuildSchema, place: string): SchemaNode | undefined {
  const [apiVersion = "", kind = "", ...steps] = place.split(" ");
  return steps.reduce<SchemaNode | undefined>((node, step) => (step === "[]" ? node?.items() : node?.field(step)), schema.of(apiVersion, kind));
}

/** `replaced`, the keys of a list that is merged, or `unknown`. */
function show(node: SchemaNode | undefined): string {
  if (node === undefined) return "unknown";
  return node.patchStrategy?.split(",").includes("merge") === true ? `merged by ${node.mergeKeys.join("+") || "text"}` : "replaced";
}

describe("the kinds that kustomize knows", () => {
  const schema = createSchema("built-in kinds");

  it.each([
    ["v1 Pod spec containers", "merged by name"],
    ["v1 Pod spec containers [] ports", "merged by containerPort+protocol"],
    ["v1 Pod spec containers [] env", "merged by name"],
    ["v1 Pod spec containers [] env [] valueFrom", "unknown"],
    ["v1 Pod spec containers [] volumeMounts", "merged by mountPath"],
    ["v1 Pod spec containers [] volumeDevices", "merged by devicePath"],
    ["v1 Pod spec containers [] args", "unknown"],
    ["v1 Pod spec hostAliases", "merged by ip"],
    ["v1 Pod spec volumes", "merged by name"],
    ["v1 Pod spec topologySpreadConstraints", "merged by topologyKey+whenUnsatisfiable"],
    ["v1 Pod spec tolerations", "unknown"],
    ["v1 Pod spec schedulingGates", "unknown"],
    ["v1 Pod metadata finalizers", "merged by text"],
    ["v1 Pod metadata ownerReferences", "merged by uid"],
    ["v1 Pod metadata labels", "replaced"],
    ["v1 Service spec ports", "merged by port+protocol"],
    ["v1 ServiceAccount secrets", "merged by name"],
    ["v1 ServiceAccount imagePullSecrets", "unknown"],
    ["apps/v1 Deployment spec template spec initContainers", "merged by name"],
    ["apps/v1 StatefulSet spec volumeClaimTemplates", "unknown"],
    ["batch/v1 CronJob spec jobTemplate spec template spec containers", "merged by name"],
    ["admissionregistration.k8s.io/v1 MutatingWebhookConfiguration webhooks", "merged by name"],
    ["admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy", "unknown"],
    ["autoscaling/v2 HorizontalPodAutoscaler", "unknown"],
    ["apiextensions.k8s.io/v1 CustomResourceDefinition metadata finalizers", "merged by text"],
    ["kustomize.config.k8s.io/v1beta1 Kustomization configMapGenerator", "merged by name"],
    ["constructor toString", "unknown"],
    ["v1 constructor", "unknown"],
    ["v1 Pod constructor", "unknown"],
  ])("%s: %s", (place, want) => expect(show(at(schema, place))).toBe(want));

  it.each([
    ["v1", "ConfigMap", true],
    ["v1", "Namespace", false],
    ["rbac.authorization.k8s.io/v1", "ClusterRole", false],
    ["policy/v1beta1", "PodSecurityPolicy", false],
    ["apiextensions.k8s.io/v1", "CustomResourceDefinition", false],
    ["networking.k8s.io/v1", "IPAddress", undefined],
    ["example.com/v1", "Foo", undefined],
    ["constructor", "length", undefined],
  ])("%s %s is namespaced: %s", (apiVersion, kind, want) => expect(schema.isNamespaced(apiVersion, kind)).toBe(want));

  it("finds a place of a kind once", () => expect(at(schema, "v1 Pod spec containers []")).toBe(at(schema, "v1 Pod spec containers []")));
});

const LIST =
  '{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"}}},"x-kubernetes-patch-strategy":"merge","x-kubernetes-patch-merge-key":"name"}';
const foo = (list: string, more = ""): string =>
  `{"definitions":{"Foo":{"type":"object","properties":{"spec":{"type":"object","properties":{"l":${list}}}},"x-kubernetes-group-version-kind":[{"group":"x","version":"v1","kind":"Foo"}]}${more}}}`;

/** Every row: what kustomize 0.21.1 does with the list `spec.l` of the kind, or what it panics with. */
describe("a document of one's own", () => {
  const nil = "interface conversion: interface {} is nil, not string";
  const struct = 'struct { Extensions spec.Extensions "json:\\",inline\\""; spec.SchemaProps; spec.SwaggerSchemaProps }';

  it.each<{ name: string; document: string; want: string }>([
    { name: "a list with a merge key", document: foo(LIST), want: "merged by name" },
    { name: "YAML", document: `# a comment\n${foo(LIST)}`, want: "merged by name" },
    { name: "map keys", document: foo(LIST.replace('"x-kubernetes-patch-merge-key":"name"', '"x-kubernetes-list-map-keys":["a","b"]')), want: "merged by a+b" },
    { name: "map keys win", document: foo(LIST.replace('"x-k', '"x-kubernetes-list-map-keys":["a"],"x-k')), want: "merged by a" },
    { name: "map keys without strategy", document: foo('{"type":"array","x-kubernetes-list-map-keys":["a"]}'), want: "replaced" },
    { name: "no key", document: foo('{"type":"array","x-kubernetes-patch-strategy":"merge"}'), want: "merged by text" },
    { name: "extensions in capitals", document: foo('{"type":"array","X-Kubernetes-Patch-Strategy":"merge"}'), want: "replaced" },
    { name: "no type", document: foo(LIST.replace('"type":"array",', "")), want: "merged by name" },
    { name: "a reference", document: foo('{"$ref":"#/definitions/L"}', `,"L":${LIST}`), want: "merged by name" },
    { name: "a reference to a reference", document: foo('{"$ref":"#/definitions/M"}', `,"M":{"$ref":"#/definitions/L"},"L":${LIST}`), want: "merged by name" },
    { name: "a reference with escapes", document: foo('{"$ref":"#/definitions/a~1b%20c"}', `,"a/b c":${LIST}`), want: "merged by name" },
    {
      name: "a reference below a definition",
      document: foo('{"$ref":"#/definitions/M/properties/z"}', `,"M":{"properties":{"z":${LIST}}}`),
      want: "merged by name",
    },
    { name: "a reference to the items of one", document: foo('{"$ref":"#/definitions/M/items"}', `,"M":{"items":${LIST}}`), want: "unknown" },
    { name: "a reference into another document", document: foo('{"$ref":"other.json#/definitions/L"}', `,"L":${LIST}`), want: "merged by name" },
    { name: "a reference to nothing", document: foo('{"$ref":"#/definitions/L"}'), want: "unknown" },
    { name: "a reference to the built-in kinds", document: foo('{"$ref":"#/definitions/io.k8s.api.core.v1.PodSpec"}'), want: "replaced" },
    { name: "additional properties", document: foo("{}").replace('"properties":{"l":{}}', `"additionalProperties":${LIST}`), want: "merged by name" },
    { name: "additional properties that are allowed", document: foo("{}").replace('"properties":{"l":{}}', '"additionalProperties":true'), want: "unknown" },
    { name: "additional properties that are null", document: foo("{}").replace('"properties":{"l":{}}', '"additionalProperties":null'), want: "unknown" },
    {
      name: "additional properties that are a number",
      document: '{"definitions": {"A": {"additionalProperties": 5}}}',
      want: `invalid schema file: json: cannot unmarshal into Go spec.SchemaOrBool within "/definitions/A/additionalProperties": expected object or bool, not 'number'`,
    },
    { name: "no definitions", document: "{}", want: "unknown" },
    { name: "definitions that are null", document: '{"definitions": {"A": null}}', want: "unknown" },
    { name: "a kind that is no object", document: '{"definitions": {"A": {"x-kubernetes-group-version-kind": [5]}}}', want: "unknown" },
    { name: "nothing", document: "", want: "invalid schema file: json: cannot unmarshal into Go spec.Swagger: EOF" },
    {
      name: "a text",
      document: "a",
      want: 'invalid schema file: json: cannot unmarshal JSON string into Go struct { Extensions spec.Extensions "json:\\",inline\\""; spec.SwaggerProps }',
    },
    {
      name: "definitions in a list",
      document: '{"definitions": []}',
      want: 'invalid schema file: json: cannot unmarshal JSON array into Go spec.Definitions within "/definitions"',
    },
    {
      name: "a definition that is a number",
      document: '{"definitions": {"A": 1}}',
      want: `invalid schema file: json: cannot unmarshal JSON number into Go ${struct} within "/definitions/A"`,
    },
    {
      name: "a type that is a number",
      document: '{"definitions": {"A": {"type": 1}}}',
      want: `invalid schema file: json: cannot unmarshal into Go spec.StringOrArray within "/definitions/A/type": expected string or array, not 'number'`,
    },
    {
      name: "properties in a list",
      document: '{"definitions": {"A": {"properties": []}}}',
      want: 'invalid schema file: json: cannot unmarshal JSON array into Go map[string]spec.Schema within "/definitions/A/properties"',
    },
    {
      name: "a property that is a number",
      document: '{"definitions": {"A": {"properties": {"x": 5}}}}',
      want: `invalid schema file: json: cannot unmarshal JSON number into Go ${struct} within "/definitions/A/properties/x"`,
    },
    { name: "items that are a number", document: '{"definitions": {"A": {"items": 5}}}', want: "unknown" },
    {
      name: "paths in a list",
      document: '{"paths": []}',
      want: 'invalid schema file: json: cannot unmarshal into Go spec.Paths within "/paths": unknown JSON kind: [',
    },
    { name: "a kind without version", document: '{"definitions": {"A": {"x-kubernetes-group-version-kind": [{}]}}}', want: nil },
    { name: "a kind without kind", document: '{"definitions": {"A": {"x-kubernetes-group-version-kind": [{"version":"a"}]}}}', want: nil },
    { name: "a path with a kind without version", document: '{"paths": {"/a": {"get": {"x-kubernetes-group-version-kind": {}}}}}', want: nil },
    { name: "a strategy that is no text", document: foo(LIST.replace('"merge"', "5")), want: "interface conversion: interface {} is float64, not string" },
    {
      name: "map keys that are no list",
      document: foo(LIST.replace('"x-k', '"x-kubernetes-list-map-keys":"a","x-k')),
      want: "interface conversion: interface {} is string, not []interface {}",
    },
    {
      name: "a reference that leads to itself",
      document: foo('{"$ref":"#/definitions/M"}', ',"M":{"$ref":"#/definitions/N"},"N":{"$ref":"#/definitions/M"}'),
      want: 'invalid schema file: the reference "#/definitions/M" leads to itself',
    },
    { name: "a schema deeper than any", document: foo(`${'{"items":'.repeat(2_000)}{}${"}".repeat(2_000)}`), want: "exceeded max depth" },
  ])("$name", ({ document, want }) => {
    const schema = used(document);
    const found = show(at(schema, "x/v1 Foo spec l"));
    const failure = schema.failure();
    if (want === "exceeded max depth") expect(failure).toContain(want);
    else expect(failure ?? found).toBe(want);
  });

  it("says with the items that a list has several kinds of", () => {
    const schema = used(foo(LIST.replace(/"items":\{.*?\}\}\}/, '"items":[{}]')));
    expect(at(schema, "x/v1 Foo spec l []")).toBeUndefined();
    expect(schema.failure()).toBe("runtime error: invalid memory address or nil pointer dereference");
  });

  it("follows definitions that contain themselves as deep as somebody asks", () => {
    const schema = used(foo('{"$ref":"#/definitions/T"}', ',"T":{"properties":{"t":{"$ref":"#/definitions/T"}}}'));
    expect(show(at(schema, `x/v1 Foo spec l${" t".repeat(90)}`))).toBe("replaced");
  });

  it.each([
    ["/apis/x/v1/foos", "/apis/x/v1/namespaces/{namespace}/foos", true],
    ["/apis/x/v1/namespaces/{namespace}/foos", "/apis/x/v1/foos", true],
    ["/apis/x/v1/foos", "/apis/x/v1/foos/{name}", false],
    ["foos", "namespaces/{namespace}/foos", undefined],
  ])("paths %s and %s: namespaced %s", (one, other, want) => {
    const item = { get: { "x-kubernetes-group-version-kind": { group: "x", version: "v1", kind: "Foo" } } };
    expect(used(JSON.stringify({ paths: { [one]: item, [other]: item } })).isNamespaced("x/v1", "Foo")).toBe(want);
  });

  it("cannot change the scope of built-in kinds", () => {
    const item = { get: { "x-kubernetes-group-version-kind": { version: "v1", kind: "Namespace" } } };
    expect(used(JSON.stringify({ paths: { "/namespaces/{namespace}": item } })).isNamespaced("v1", "Namespace")).toBe(false);
  });

  it("is read only when it is needed", () => {
    const schema = used("[]");
    expect([schema.isNamespaced("v1", "ConfigMap"), schema.failure()]).toEqual([true, undefined]);
    expect([schema.isNamespaced("x/v1", "Foo"), schema.failure() === undefined]).toEqual([undefined, false]);
  });
});

describe("a document beside the built-in kinds", () => {
  const containers = "v1 Pod spec containers";
  const override = '{"definitions":{"io.k8s.api.core.v1.PodSpec":{"properties":{"containers":{"type":"array"}}}}}';

  it.each<{ name: string; preload: Preload; document: string; want: string }>([
    { name: "Flux: it adds to them", preload: "built-in kinds", document: "{}", want: "merged by name" },
    { name: "Flux: it may replace their definitions", preload: "built-in kinds", document: override, want: "replaced" },
    { name: "kubectl: there is nothing else", preload: "nothing", document: "{}", want: "unknown" },
  ])("$name", ({ preload, document, want }) => expect(show(at(used(document, preload), containers))).toBe(want));

  it("kubectl: they are there when nothing is said", () => expect(show(at(createSchema("nothing"), containers))).toBe("merged by name"));

  it("kubectl: they stay once they have been asked for", () => {
    const schema = createSchema("nothing");
    schema.of("x/v1", "Foo");
    schema.use(path, bytes("{}"), false);
    expect(show(at(schema, containers))).toBe("merged by name");
  });

  it("kubectl: a kind of unknown scope asks for them, and then they come behind the document", () => {
    const schema = createSchema("nothing");
    expect(schema.isNamespaced("x/v1", "Foo")).toBeUndefined();
    schema.use(path, bytes(override), false);
    expect(show(at(schema, containers))).toBe("merged by name");
  });

  it("kustomize's own kinds are always known", () =>
    expect(show(at(used("{}", "nothing"), "kustomize.config.k8s.io/v1beta1 Kustomization secretGenerator"))).toBe("merged by name"));
});

describe("use", () => {
  const version = (text: string): ReadonlyMap<string, string> => new Map([["version", text]]);

  it.each([
    ["v1.21.2", { ok: true, value: undefined }],
    ["", { ok: true, value: undefined }],
    ["v1.20.4", { ok: false, problem: "the specified OpenAPI version is not built in" }],
  ])("version %s", (text, want) => expect(createSchema("built-in kinds").use(version(text), undefined, true)).toEqual(want));

  it("takes a version or a document", () =>
    expect(createSchema("built-in kinds").use(version("v1.21.2"), bytes("{}"), true)).toEqual({
      ok: false,
      problem: "builtin version and custom schema provided, cannot use both",
    }));

  it.each<{ name: string; steps: readonly (readonly [ReadonlyMap<string, string>, string | undefined, boolean])[]; want: string }>([
    {
      name: "the root decides",
      steps: [
        [path, foo(LIST), true],
        [path, "{}", false],
      ],
      want: "merged by name",
    },
    {
      name: "a version decides, too",
      steps: [
        [version("v1.21.2"), undefined, true],
        [path, foo(LIST), false],
      ],
      want: "unknown",
    },
    {
      name: "if the root says nothing, the first that says something",
      steps: [
        [NO_FIELDS, undefined, true],
        [path, foo(LIST), false],
        [path, "{}", false],
      ],
      want: "merged by name",
    },
    {
      name: "what comes later is not even looked at",
      steps: [
        [path, foo(LIST), true],
        [version("v0"), undefined, false],
      ],
      want: "merged by name",
    },
  ])("$name", ({ steps, want }) => {
    const schema = createSchema("nothing");
    for (const [fields, document, isRoot] of steps) expect(schema.use(fields, document === undefined ? undefined : bytes(document), isRoot).ok).toBe(true);
    expect(show(at(schema, "x/v1 Foo spec l"))).toBe(want);
  });
});
