import type { ContractCase } from "../story.ts";
import { configMap } from "./objects.ts";

const container = (name: string, more: object = {}) => ({ name, image: "nginx", ...more });
const deployment = (spec: object, containers: readonly object[] = [container("a")]) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "a" },
  spec: { selector: { matchLabels: { a: "b" } }, template: { metadata: { labels: { a: "b" } }, spec: { containers } }, ...spec },
});
const at = "apps/v1:deployments/a";

export const applyCases: readonly ContractCase[] = [
  {
    title: "creates, changes, and does nothing the second time",
    managedFields: true,
    play: async (story) => {
      await story.apply("configmaps/a", configMap("a", { x: "1" }), "one");
      await story.apply("configmaps/a", configMap("a", { x: "1" }), "one");
      await story.apply("configmaps/a", configMap("a", { x: "2", y: "1" }), "one");
      await story.apply("configmaps/b", configMap("b"), "one", { query: "dryRun=All" });
      await story.get("configmaps/b");
    },
  },
  {
    title: "a field that is applied no more goes, unless somebody else has it",
    managedFields: true,
    play: async (story) => {
      await story.apply("configmaps/a", configMap("a", { x: "1", y: "1", z: "1" }, { labels: { l: "1" } }), "one");
      await story.apply("configmaps/a", configMap("a", { y: "1" }), "two");
      await story.apply("configmaps/a", configMap("a", { z: "1" }), "one");
      await story.apply("configmaps/a", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } }, "one");
    },
  },
  {
    title: "conflicts name the other manager and the field",
    managedFields: true,
    play: async (story) => {
      await story.apply("configmaps/a", configMap("a", { x: "1", y: "1" }), "one");
      await story.apply("configmaps/a", configMap("a", { x: "2" }), "two");
      await story.apply("configmaps/a", configMap("a", { x: "2", y: "2" }), "two");
      await story.patch("merge", "configmaps/a", { data: { x: "3" } }, { query: "fieldManager=hand" });
      await story.apply("configmaps/a", configMap("a", { x: "4", y: "4" }), "three");
      await story.apply("configmaps/a", configMap("a", { x: "4", y: "4" }), "three", { query: "force=true" });
      await story.apply("configmaps/a", configMap("a", { x: "4" }), "one");
    },
  },
  {
    title: "a deployment: defaults, merge keys, removal from keyed lists",
    managedFields: true,
    play: async (story) => {
      await story.apply(
        at,
        deployment({ replicas: 0, paused: true }, [
          container("a", {
            ports: [{ containerPort: 80 }],
            env: [
              { name: "X", value: "1" },
              { name: "Y", value: "2" },
            ],
          }),
        ]),
        "one",
      );
      await story.apply(
        at,
        deployment({ paused: true }, [
          container("a", { ports: [{ containerPort: 80 }, { containerPort: 80, protocol: "UDP" }], env: [{ name: "Y", value: "3" }] }),
          container("b"),
        ]),
        "one",
      );
      await story.apply(at, deployment({ paused: true }, [container("b")]), "one");
    },
  },
  {
    title: "scale and an applied replica count",
    managedFields: true,
    play: async (story) => {
      await story.apply(at, deployment({ replicas: 0, paused: true }), "one", { silent: true });
      await story.patch("merge", `${at}/scale`, { spec: { replicas: 1 } }, { query: "fieldManager=scaler", silent: true });
      await story.apply(at, deployment({ replicas: 0, paused: true }), "one");
      await story.apply(at, deployment({ replicas: 0, paused: true }), "one", { query: "force=true" });
    },
  },
  {
    title: "sets and atomic lists",
    managedFields: true,
    play: async (story) => {
      const service = (spec: object) => ({ apiVersion: "v1", kind: "Service", metadata: { name: "s", finalizers: ["contract.example.com/a"] }, spec });
      await story.apply("configmaps/f", configMap("f", {}, { finalizers: ["contract.example.com/a"] }), "one");
      await story.apply("configmaps/f", configMap("f", {}, { finalizers: ["contract.example.com/b"] }), "two");
      await story.apply("configmaps/f", configMap("f"), "one");
      await story.apply("configmaps/f", configMap("f"), "two");
      await story.apply(
        "networking.k8s.io/v1:networkpolicies/n",
        { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "n" }, spec: { podSelector: {}, policyTypes: ["Ingress"] } },
        "one",
      );
      await story.apply(
        "networking.k8s.io/v1:networkpolicies/n",
        { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "n" }, spec: { podSelector: {}, policyTypes: ["Egress"] } },
        "two",
      );
      await story.apply("services/s", service({ type: "ExternalName", externalName: "a.example.com" }), "one", { silent: true });
      await story.patch("merge", "services/s", { metadata: { finalizers: null } }, { silent: true });
      await story.patch("merge", "configmaps/f", { metadata: { finalizers: null } }, { silent: true });
    },
  },
  {
    title: "what an apply may not say",
    play: async (story) => {
      await story.apply("configmaps/a", configMap("a"), "");
      await story.patch("merge", "configmaps/a", configMap("a"), { contentType: "application/apply-patch+yaml" });
      await story.apply("configmaps/a", configMap("b"), "one");
      await story.apply("configmaps/a", configMap("a", {}, { managedFields: [] }), "one");
      await story.apply("configmaps/a", { apiVersion: "v1", kind: "Secret", metadata: { name: "a" } }, "one");
      await story.apply("configmaps/a", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { x: 1 } }, "one");
      await story.apply("configmaps/a", { ...configMap("a"), nonsense: { a: 1 } }, "one");
      await story.apply("configmaps/a", configMap("a", {}, { namespace: "other" }), "one");
      await story.apply("configmaps/a", "a: [", "one");
      await story.apply(at, deployment({}, [container("a"), container("a")]), "one");
      await story.apply("configmaps/a", configMap("a", {}, { resourceVersion: "1" }), "one");
      await story.apply("configmaps/a", configMap("a"), "m".repeat(129));
      await story.apply("configmaps/a", configMap("a", {}, { uid: "11111111-2222-3333-4444-555555555555" }), "one");
    },
  },
  {
    title: "apply as YAML",
    play: async (story) => {
      await story.apply("configmaps/a", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: |\n    two\n    lines\n", "one");
    },
  },
  {
    title: "an update takes over what it changes",
    managedFields: true,
    play: async (story) => {
      await story.apply("configmaps/a", configMap("a", { x: "1", y: "1" }), "one", { silent: true });
      const { body } = await story.get("configmaps/a", { silent: true });
      await story.put("configmaps/a", { ...body, data: { x: "2", y: "1" } }, { query: "fieldManager=putter" });
      await story.put("configmaps/a", { ...body, metadata: { name: "a", managedFields: [{}] }, data: { x: "2" } }, { query: "fieldManager=putter" });
    },
  },
  {
    title: "status has managers of its own",
    managedFields: true,
    play: async (story) => {
      const pdb = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "p" } };
      await story.apply("policy/v1:poddisruptionbudgets/p", { ...pdb, spec: { minAvailable: 1, selector: { matchLabels: { none: "none" } } } }, "one", {
        silent: true,
      });
      await story.apply(
        "policy/v1:poddisruptionbudgets/p/status",
        { ...pdb, status: { conditions: [{ type: "Mine", status: "True", reason: "R", message: "m", lastTransitionTime: "2030-01-01T00:00:00Z" }] } },
        "status",
        { silent: true },
      );
      const { body } = await story.get("policy/v1:poddisruptionbudgets/p", { silent: true });
      const mine = body.metadata.managedFields.filter(({ manager }: { manager: string }) => ["one", "status"].includes(manager));
      for (const { time: _, ...entry } of mine) story.note(JSON.stringify(entry));
    },
  },
];
