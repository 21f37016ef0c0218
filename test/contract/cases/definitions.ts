import type { Body } from "../client.ts";
import type { ContractCase, Story } from "../story.ts";

type Version = { readonly name?: string; readonly schema?: Body; readonly columns?: Body; readonly subresources?: Body; readonly storage?: boolean };

const definition = (group: string, versions: readonly Version[]) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `things.${group}` },
  spec: {
    group,
    scope: "Namespaced",
    names: { plural: "things", singular: "thing", kind: "Thing", shortNames: ["th"], categories: ["all"] },
    versions: versions.map(({ name = "v1", schema, columns, subresources, storage = true }) => ({
      name,
      served: true,
      storage,
      schema: {
        openAPIV3Schema: {
          type: "object",
          properties: {
            spec: schema ?? { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
          },
        },
      },
      ...(columns !== undefined && { additionalPrinterColumns: columns }),
      ...(subresources !== undefined && { subresources }),
    })),
  },
});

const patchesIn = (document: string, path: string): string => Object.keys(JSON.parse(document).paths[path].patch.requestBody.content).toSorted().join(" ");

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** Installs the CRD under a group of the case's own and waits until it is served; answers the path prefix of its things. */
async function install(story: Story, versions: readonly Version[]): Promise<{ readonly path: string; readonly apiVersion: string }> {
  const group = `${story.namespace}.example.com`;
  const made = await story.post(DEFINITIONS, definition(group, versions), { silent: true });
  if (made.code !== 201) throw new Error(made.text);
  story.cleanUp(`${DEFINITIONS}/things.${group}`);
  await story.until(`/apis/${group}/${versions[0]?.name ?? "v1"}/namespaces/${story.namespace}/things`, ({ code }) => code === 200);
  return { path: `${group}/${versions[0]?.name ?? "v1"}:things`, apiVersion: `${group}/${versions[0]?.name ?? "v1"}` };
}

const thing = (apiVersion: string, spec: Body, metadata: object = {}) => ({ apiVersion, kind: "Thing", metadata: { name: "a", ...metadata }, spec });

const typed = {
  type: "object",
  required: ["url"],
  properties: {
    url: { type: "string", pattern: "^https://", maxLength: 20 },
    count: { type: "integer", minimum: 1, maximum: 9, default: 3 },
    mode: { type: "string", enum: ["a", "b"], default: "a" },
    ratio: { type: "number" },
    on: { type: "boolean" },
    port: { "x-kubernetes-int-or-string": true },
    tags: { type: "array", items: { type: "string" }, maxItems: 2, "x-kubernetes-list-type": "set" },
    parts: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: { type: "object", required: ["name"], properties: { name: { type: "string" }, size: { type: "integer", default: 1 } } },
    },
    labels: { type: "object", additionalProperties: { type: "string" } },
    when: { type: "string", format: "date-time" },
    nothing: { type: "string", nullable: true },
  },
};

export const definitionCases: readonly ContractCase[] = [
  {
    title: "a definition is established and served",
    play: async (story) => {
      const { apiVersion } = await install(story, [{ columns: [{ name: "X", type: "string", jsonPath: ".spec.x" }], subresources: { status: {} } }]);
      const { body } = await story.get(`${DEFINITIONS}/things.${apiVersion.split("/")[0]}`, { silent: true });
      story.note(JSON.stringify(body.spec));
      story.note(JSON.stringify(body.status));
      await story.get(`/apis/${apiVersion}`);
    },
  },
  {
    title: "a definition with schemas of items and maps, strictly",
    play: async (story) => {
      const given = definition(`${story.namespace}.example.com`, [{ schema: typed }]);
      const strictly = { query: "fieldValidation=Strict&dryRun=All", silent: true };
      story.note(String((await story.post(DEFINITIONS, given, strictly)).code));
      const { code, body } = await story.post(DEFINITIONS, { ...given, spec: { ...given.spec, bogus: 1 } }, strictly);
      story.note(`${code} ${String(body.message)}`);
    },
  },
  {
    title: "OpenAPI says which patches there are, which kubectl apply goes by",
    play: async (story) => {
      const { apiVersion } = await install(story, [{}]);
      const things = `/apis/${apiVersion}/namespaces/{namespace}/things/{name}`;
      const found = await story.until(`/openapi/v3/apis/${apiVersion}`, ({ code, text }) => code === 200 && text.includes(things));
      story.note(patchesIn(found.text, things));
      const apps = await story.until("/openapi/v3/apis/apps/v1", ({ code }) => code === 200);
      story.note(patchesIn(apps.text, "/apis/apps/v1/namespaces/{namespace}/deployments/{name}"));
    },
  },
  {
    title: "metadata that is empty",
    play: async (story) => {
      const { path, apiVersion } = await install(story, [{}]);
      await story.post(path, thing(apiVersion, { empty: {} }, { annotations: {}, labels: {}, finalizers: [], ownerReferences: [] }));
      await story.patch("merge", `${path}/a`, { metadata: { annotations: { x: null }, labels: { x: null } } });
      await story.patch("merge", `${path}/a`, { metadata: { annotations: { a: "1" } } });
      await story.patch("merge", `${path}/a`, { metadata: { annotations: { a: null }, finalizers: [] } });
    },
  },
  {
    title: "defaults, and unknown fields that go",
    managedFields: true,
    play: async (story) => {
      const { path, apiVersion } = await install(story, [{ schema: typed }]);
      await story.post(path, thing(apiVersion, { url: "https://a", unknown: 1, parts: [{ name: "x", foo: "bar" }] }));
      await story.post(path, thing(apiVersion, { url: "https://a", unknown: 1 }, { name: "b" }), { query: "fieldValidation=Strict" });
      await story.post(path, thing(apiVersion, { url: "https://a", nothing: null, count: null }, { name: "c" }));
    },
  },
  {
    title: "everything that is wrong is said at once",
    play: async (story) => {
      const { path, apiVersion } = await install(story, [{ schema: typed }]);
      await story.post(path, thing(apiVersion, {}));
      await story.post(path, thing(apiVersion, { url: "http://a", count: 12, mode: "c", tags: ["x", "y", "z"] }));
      await story.post(
        path,
        thing(apiVersion, { url: "https://aaaaaaaaaaaaaaaaaaaaaaaaaaa", count: 0, tags: ["x", "x"], parts: [{ name: "p" }, { name: "p" }] }),
      );
      await story.post(path, thing(apiVersion, { url: 1, count: "x", ratio: "1", on: "yes", port: true, labels: { a: 1 }, tags: "x" }));
      await story.post(path, thing(apiVersion, { url: "https://a", count: 1.5, parts: [{ size: 1 }], when: "yesterday" }));
      await story.post(path, { apiVersion, kind: "Thing", metadata: { name: "A" } });
      await story.post(path, { apiVersion, kind: "Other", metadata: { name: "a" } });
    },
  },
  {
    title: "CEL rules",
    play: async (story) => {
      const schema = {
        type: "object",
        properties: {
          a: { type: "integer" },
          b: { type: "integer" },
          fixed: { type: "string", "x-kubernetes-validations": [{ rule: "self == oldSelf", message: "fixed is immutable" }] },
        },
        "x-kubernetes-validations": [
          { rule: "!has(self.a) || !has(self.b) || self.a < self.b", message: "a must be less than b" },
          { rule: "!has(self.a) || self.a != 7", messageExpression: "self.a == 7 ? 'not seven' : ''", fieldPath: ".a", reason: "FieldValueForbidden" },
        ],
      };
      const { path, apiVersion } = await install(story, [{ schema }]);
      await story.post(path, thing(apiVersion, { a: 2, b: 1 }));
      await story.post(path, thing(apiVersion, { a: 7 }));
      await story.post(path, thing(apiVersion, { a: 1, b: 2, fixed: "x" }));
      await story.patch("merge", `${path}/a`, { spec: { fixed: "y" } });
      await story.patch("merge", `${path}/a`, { spec: { b: 3 } });
    },
  },
  {
    title: "apply on custom resources: keyed lists, sets, atomic values",
    managedFields: true,
    play: async (story) => {
      const { path, apiVersion } = await install(story, [{ schema: typed }]);
      await story.apply(`${path}/a`, thing(apiVersion, { url: "https://a", parts: [{ name: "x" }, { name: "y", size: 2 }], tags: ["p"] }), "one");
      await story.apply(`${path}/a`, thing(apiVersion, { url: "https://a", parts: [{ name: "z" }], tags: ["q"] }), "two");
      await story.apply(`${path}/a`, thing(apiVersion, { url: "https://b", parts: [{ name: "y", size: 3 }] }), "two");
      await story.apply(`${path}/a`, thing(apiVersion, { url: "https://a", parts: [{ name: "x" }] }), "one");
      await story.apply(`${path}/a`, thing(apiVersion, { url: "https://a", unknown: 1 }), "one");
      await story.patch("strategic-merge", `${path}/a`, { spec: { count: 4 } });
    },
  },
  {
    title: "status and scale of custom resources, and their generation",
    play: async (story) => {
      const { path, apiVersion } = await install(story, [
        {
          subresources: {
            status: {},
            scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas", labelSelectorPath: ".status.selector" },
          },
        },
      ]);
      await story.post(path, { ...thing(apiVersion, { replicas: 2 }), status: { replicas: 9 } });
      await story.patch("merge", `${path}/a/status`, { status: { replicas: 2, selector: "a=b" }, spec: { replicas: 7 } });
      await story.get(`${path}/a/scale`);
      await story.patch("merge", `${path}/a/scale`, { spec: { replicas: 3 } });
      await story.get(`${path}/a`);
      await story.patch("merge", `${path}/a`, { metadata: { labels: { x: "y" } } });
    },
  },
  {
    title: "without a status subresource the status is a field like any other",
    play: async (story) => {
      const { path, apiVersion } = await install(story, [{}]);
      await story.post(path, { ...thing(apiVersion, { x: 1 }), status: { a: "b" } });
      await story.patch("merge", `${path}/a`, { status: { a: "c" } });
      await story.get(`${path}/a/status`);
    },
  },
  {
    title: "two versions of one definition",
    play: async (story) => {
      const { path, apiVersion } = await install(story, [{ name: "v2" }, { name: "v1beta1", storage: false }]);
      await story.post(path, thing(apiVersion, { x: 1 }));
      await story.get(`${apiVersion.replace("/v2", "/v1beta1")}:things/a`);
      await story.get(`/apis/${apiVersion.split("/")[0]}`);
    },
  },
  {
    title: "deleting a definition deletes its objects",
    play: async (story) => {
      const { path, apiVersion } = await install(story, [{}]);
      await story.post(path, thing(apiVersion, { x: 1 }), { silent: true });
      const name = `${DEFINITIONS}/things.${apiVersion.split("/")[0]}`;
      await story.delete(name, undefined, { silent: true });
      await story.until(name, ({ code }) => code === 404);
      await story.until(`${path}/a`, ({ code }) => code === 404);
      await story.get(name);
    },
  },
  {
    title: "definitions that cannot be",
    play: async (story) => {
      const group = `${story.namespace}.example.com`;
      const good = definition(group, [{}]);
      await story.post(DEFINITIONS, { ...good, metadata: { name: "wrong" } });
      await story.post(DEFINITIONS, { ...good, spec: { ...good.spec, scope: "Nowhere", versions: [] } });
      await story.post(DEFINITIONS, definition(group, [{ schema: { type: "object", properties: { a: { type: "strin" } } } }]));
    },
  },
];
