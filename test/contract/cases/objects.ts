import type { ContractCase, Story } from "../story.ts";

export const configMap = (name: string, data: object = {}, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
  data,
});
const three = async (story: Story): Promise<void> => {
  for (const name of ["a", "b", "c"])
    await story.post("configmaps", configMap(name, {}, { labels: { name, tier: name === "c" ? "back" : "front" } }), { silent: true });
};

export const objectCases: readonly ContractCase[] = [
  {
    title: "create, read, replace, delete",
    managedFields: true,
    play: async (story) => {
      await story.post("configmaps", configMap("a", { x: "1" }));
      const { body } = await story.get("configmaps/a");
      await story.put("configmaps/a", { ...body, data: { x: "2" } });
      await story.put("configmaps/a", { ...body, metadata: { ...body.metadata, resourceVersion: undefined }, data: { x: "2" } });
      await story.delete("configmaps/a");
      await story.get("configmaps/a");
    },
  },
  {
    title: "creating what is there, replacing and deleting what is not",
    play: async (story) => {
      await story.post("configmaps", configMap("a"), { silent: true });
      await story.post("configmaps", configMap("a"));
      await story.put("configmaps/none", configMap("none"));
      await story.delete("configmaps/none");
      await story.patch("merge", "configmaps/none", { data: { a: "b" } });
    },
  },
  {
    title: "a stale resourceVersion is a conflict",
    play: async (story) => {
      const { body } = await story.post("configmaps", configMap("a"), { silent: true });
      await story.patch("merge", "configmaps/a", { data: { x: "1" } }, { silent: true });
      await story.put("configmaps/a", body);
      await story.patch("merge", "configmaps/a", { metadata: { resourceVersion: body.metadata.resourceVersion }, data: { x: "2" } });
      await story.delete("configmaps/a", { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid: "11111111-2222-3333-4444-555555555555" } });
    },
  },
  {
    title: "names, namespaces and kinds that do not fit",
    play: async (story) => {
      await story.post("configmaps", configMap("A_b"));
      await story.post("configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata: {} });
      await story.post("configmaps", configMap("a", {}, { namespace: "other" }));
      await story.post("configmaps", { apiVersion: "v1", kind: "Secret", metadata: { name: "a" } });
      await story.post("configmaps", { apiVersion: "v2", kind: "ConfigMap", metadata: { name: "a" } });
      await story.post("configmaps", configMap("a", {}, { labels: { "-bad": "x" }, annotations: { "a b": "c" } }));
      await story.post("configmaps", configMap("a", {}, { labels: { ok: "not ok!" } }));
      await story.post("/api/v1/namespaces/does-not-exist/configmaps", configMap("a"));
    },
  },
  {
    title: "bodies that cannot be read",
    play: async (story) => {
      await story.post("configmaps", "{");
      await story.post("configmaps", "[]");
      await story.post("configmaps", '"x"', { contentType: "text/plain" });
      await story.post("configmaps", { ...configMap("a"), data: { a: 1 } });
      await story.post("configmaps", { ...configMap("a"), data: "x" });
    },
  },
  {
    title: "generateName",
    play: async (story) => {
      const { body } = await story.post("configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "gen-" } }, { silent: true });
      story.note(String(/^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/.test(body.metadata.name)));
    },
  },
  {
    title: "list with selectors",
    play: async (story) => {
      await three(story);
      const names = async (query: string): Promise<void> => {
        const { code, body } = await story.get("configmaps", { query, silent: true });
        story.note(
          `${query}: ${code === 200 ? body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name).filter((name: string) => !name.includes("kube")) : body.message}`,
        );
      };
      const label = [
        "tier=front",
        "tier==back",
        "tier!=front,name",
        "tier in (front,back),name notin (a)",
        "!none,name",
        "name=",
        "tier=",
        "none",
        "a b",
        "=x",
        "name in (a",
        "name>1",
      ];
      for (const selector of label) await names(`labelSelector=${encodeURIComponent(selector)}`);
      for (const selector of ["metadata.name=a", "metadata.name!=a", "metadata.name=a,metadata.namespace=x", "spec.x=1", "metadata.name"])
        await names(`fieldSelector=${encodeURIComponent(selector)}`);
    },
  },
  {
    title: "list in pages",
    play: async (story) => {
      await three(story);
      const query = "labelSelector=name&limit=2";
      const first = await story.get("configmaps", { query, silent: true });
      const show = (body: typeof first.body): void =>
        story.note(
          `${body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)} more: ${body.metadata.continue !== undefined} remaining: ${body.metadata.remainingItemCount}`,
        );
      show(first.body);
      await story.post("configmaps", configMap("bb", {}, { labels: { name: "bb" } }), { silent: true });
      const second = await story.get("configmaps", { query: `${query}&continue=${encodeURIComponent(first.body.metadata.continue)}`, silent: true });
      show(second.body);
      story.note(`same resourceVersion: ${first.body.metadata.resourceVersion === second.body.metadata.resourceVersion}`);
      await story.get("configmaps", { query: "limit=1&continue=nonsense" });
      await story.get("configmaps", { query: "limit=x" });
    },
  },
  {
    title: "an empty list, and a list of an unknown namespace",
    play: async (story) => {
      const show = async (path: string): Promise<void> => {
        const { body } = await story.get(path, { silent: true });
        story.note(JSON.stringify({ ...body, metadata: { keys: Object.keys(body.metadata) } }));
      };
      await show("secrets");
      await show("/api/v1/namespaces/does-not-exist/secrets");
      await show("apps/v1:deployments");
    },
  },
  {
    title: "dry-run changes nothing",
    play: async (story) => {
      await story.post("configmaps", configMap("a"), { query: "dryRun=All" });
      await story.get("configmaps/a");
      await story.post("configmaps", configMap("a"), { silent: true });
      await story.patch("merge", "configmaps/a", { data: { x: "1" } }, { query: "dryRun=All" });
      await story.delete("configmaps/a", undefined, { query: "dryRun=All" });
      await story.get("configmaps/a");
      await story.post("configmaps", configMap("b"), { query: "dryRun=Some" });
    },
  },
  {
    title: "field validation",
    play: async (story) => {
      const odd = { ...configMap("a"), unknown: 1, metadata: { name: "a", foo: "bar" } };
      await story.post("configmaps", odd, { query: "fieldValidation=Strict" });
      await story.post("configmaps", '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"1","x":"2"}}', {
        query: "fieldValidation=Strict",
      });
      const warned = await story.post("configmaps", odd, { query: "fieldValidation=Warn" });
      story.note(`warnings: ${warned.headers.warning ?? "none"}`);
      const ignored = await story.post("configmaps", { ...odd, metadata: { name: "b", foo: 1 } }, { query: "fieldValidation=Ignore" });
      story.note(`warnings: ${ignored.headers.warning ?? "none"}`);
      await story.post("configmaps", configMap("c"), { query: "fieldValidation=Maybe" });
    },
  },
  {
    title: "finalizers hold an object until they are gone",
    play: async (story) => {
      await story.post("configmaps", configMap("a", {}, { finalizers: ["contract.example.com/hold"] }), { silent: true });
      await story.delete("configmaps/a");
      await story.delete("configmaps/a");
      await story.patch("merge", "configmaps/a", { metadata: { finalizers: ["contract.example.com/hold", "contract.example.com/late"] } });
      await story.patch("merge", "configmaps/a", { data: { still: "writable" } });
      await story.patch("merge", "configmaps/a", { metadata: { finalizers: null } });
      await story.get("configmaps/a");
      await story.post("configmaps", configMap("b", {}, { finalizers: ["bad"] }));
    },
  },
  {
    title: "generation counts changes of the spec only",
    play: async (story) => {
      const pods = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "a", image: "nginx" }] } };
      const deployment = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "a" },
        spec: { replicas: 0, paused: true, selector: { matchLabels: { a: "b" } }, template: pods },
      };
      const show = async (answer: Promise<{ readonly body: { metadata: { generation: number } } }>): Promise<void> =>
        story.note(`generation ${(await answer).body.metadata.generation}`);
      await show(story.post("apps/v1:deployments", deployment, { silent: true }));
      await show(story.patch("merge", "apps/v1:deployments/a", { metadata: { labels: { x: "y" } } }, { silent: true }));
      await show(story.patch("merge", "apps/v1:deployments/a", { spec: { minReadySeconds: 1 } }, { silent: true }));
      await show(story.patch("merge", "apps/v1:deployments/a", { status: { replicas: 7 } }, { silent: true }));
      await show(story.patch("merge", "apps/v1:deployments/a/status", { status: { conditions: [] }, spec: { minReadySeconds: 9 } }, { silent: true }));
      await show(story.patch("merge", "apps/v1:deployments/a/scale", { spec: { replicas: 0 } }, { silent: true }));
    },
  },
  {
    title: "a write that changes nothing is not written",
    play: async (story) => {
      await story.post("configmaps", configMap("a", { x: "1" }));
      await story.patch("merge", "configmaps/a", { data: { x: "1" } });
      await story.patch("merge", "configmaps/a", {});
    },
  },
  {
    title: "what a client may not set",
    play: async (story) => {
      await story.post(
        "configmaps",
        configMap(
          "a",
          {},
          {
            uid: "11111111-2222-3333-4444-555555555555",
            creationTimestamp: "2001-01-01T00:00:00Z",
            generation: 7,
            selfLink: "/x",
            deletionTimestamp: "2001-01-01T00:00:00Z",
          },
        ),
      );
      await story.post("configmaps", configMap("b", {}, { resourceVersion: "1" }));
      await story.patch("merge", "configmaps/a", { metadata: { uid: "11111111-2222-3333-4444-555555555555" } });
      await story.patch("merge", "configmaps/a", { metadata: { name: "other" } });
      await story.patch("merge", "configmaps/a", { metadata: { creationTimestamp: "2001-01-01T00:00:00Z" } });
    },
  },
  {
    title: "deleting a collection",
    play: async (story) => {
      await three(story);
      await story.delete("configmaps", undefined, { query: "labelSelector=tier%3Dfront", silent: true });
      const { body } = await story.get("configmaps", { query: "labelSelector=name", silent: true });
      story.note(body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name).join());
    },
  },
  {
    title: "status and scale",
    play: async (story) => {
      const pods = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "a", image: "nginx" }] } };
      await story.post(
        "apps/v1:statefulsets",
        {
          apiVersion: "apps/v1",
          kind: "StatefulSet",
          metadata: { name: "a" },
          spec: { replicas: 0, serviceName: "a", selector: { matchLabels: { a: "b" } }, template: pods },
        },
        { silent: true },
      );
      // The controller writes the status once, and with it a resourceVersion.
      await story.until("apps/v1:statefulsets/a", ({ body }) => body.status?.observedGeneration === 1 && body.status?.updateRevision !== undefined);
      await story.get("apps/v1:statefulsets/a/scale");
      await story.patch("merge", "apps/v1:statefulsets/a/scale", { spec: { replicas: -1 } });
      await story.patch("merge", "apps/v1:statefulsets/a/scale", { spec: { replicas: 0 } });
      await story.get("configmaps/a/status");
      await story.get("configmaps/a/scale");
    },
  },
  {
    title: "events",
    play: async (story) => {
      const about = { apiVersion: "v1", kind: "ConfigMap", name: "a", namespace: story.namespace };
      await story.post("events", {
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: "e" },
        involvedObject: about,
        reason: "Tested",
        message: "m",
        type: "Normal",
        source: { component: "contract" },
        firstTimestamp: "2030-01-01T00:00:00Z",
        lastTimestamp: "2030-01-01T00:00:00Z",
        count: 1,
      });
      await story.get("events.k8s.io/v1:events/e");
      await story.get("events", { query: "fieldSelector=involvedObject.kind%3DConfigMap,reason%3DTested" });
      await story.post("events", {
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: "f" },
        involvedObject: { ...about, namespace: "other" },
        reason: "Tested",
        message: "m",
        type: "Normal",
      });
      await story.patch("merge", "events/e", { count: 2 });
    },
  },
];
