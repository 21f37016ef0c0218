import type { ContractCase } from "../story.ts";
import { configMap } from "./objects.ts";

export const controllerCases: readonly ContractCase[] = [
  {
    title: "a new namespace gets a service account and the root certificate",
    play: async (story) => {
      await story.until("serviceaccounts/default", ({ code }) => code === 200);
      const { body } = await story.until("configmaps/kube-root-ca.crt", ({ code }) => code === 200);
      story.note(`${Object.keys(body.data)} ${JSON.stringify(body.metadata.annotations)}`);
      const namespace = await story.get(`/api/v1/namespaces/${story.namespace}`);
      story.note(String(namespace.code));
    },
  },
  {
    title: "deleting a namespace empties it first",
    play: async (story) => {
      const name = story.unique("n");
      const at = `/api/v1/namespaces/${name}`;
      await story.post("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } }, { silent: true });
      await story.post(`${at}/configmaps`, configMap("a", {}, { finalizers: ["contract.example.com/hold"] }), { silent: true });
      const { body } = await story.delete(at, undefined, { silent: true });
      story.note(`${body.kind} ${JSON.stringify(body.status)} ${JSON.stringify(body.spec)}`);
      await story.until(`${at}/configmaps/a`, (answer) => answer.body.metadata?.deletionTimestamp !== undefined);
      await story.post(`${at}/configmaps`, configMap("late"));
      await story.patch("merge", `${at}/configmaps/a`, { metadata: { finalizers: null } }, { silent: true });
      await story.until(at, ({ code }) => code === 404);
      await story.get(at);
    },
  },
  {
    title: "dependents go with their owner",
    play: async (story) => {
      const { body: owner } = await story.post("configmaps", configMap("owner"), { silent: true });
      const reference = { apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: owner.metadata.uid };
      await story.post("configmaps", configMap("child", {}, { ownerReferences: [reference] }), { silent: true });
      await story.post("secrets", { apiVersion: "v1", kind: "Secret", metadata: { name: "grandchild", ownerReferences: [reference] } }, { silent: true });
      await story.delete("configmaps/owner", undefined, { silent: true, query: "propagationPolicy=Background" });
      await story.until("configmaps/child", ({ code }) => code === 404);
      await story.until("secrets/grandchild", ({ code }) => code === 404);
      story.note("gone");
    },
  },
  {
    title: "orphans stay and lose their owner",
    play: async (story) => {
      const { body: owner } = await story.post("configmaps", configMap("owner"), { silent: true });
      await story.post(
        "configmaps",
        configMap("child", {}, { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: owner.metadata.uid }] }),
        { silent: true },
      );
      await story.delete("configmaps/owner", undefined, { query: "propagationPolicy=Orphan" });
      await story.until("configmaps/owner", ({ code }) => code === 404);
      const { body } = await story.get("configmaps/child", { silent: true });
      story.note(JSON.stringify(body.metadata.ownerReferences ?? null));
    },
  },
  {
    title: "in the foreground the owner waits for its dependents",
    play: async (story) => {
      const { body: owner } = await story.post("configmaps", configMap("owner"), { silent: true });
      const reference = { apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: owner.metadata.uid, blockOwnerDeletion: true };
      await story.post("configmaps", configMap("child", {}, { ownerReferences: [reference], finalizers: ["contract.example.com/hold"] }), { silent: true });
      await story.delete("configmaps/owner", { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Foreground" });
      await story.until("configmaps/child", ({ body }) => body.metadata?.deletionTimestamp !== undefined);
      const { body } = await story.get("configmaps/owner", { silent: true });
      story.note(JSON.stringify(body.metadata.finalizers));
      await story.patch("merge", "configmaps/child", { metadata: { finalizers: null } }, { silent: true });
      await story.until("configmaps/owner", ({ code }) => code === 404);
      await story.delete("configmaps/x", undefined, { query: "propagationPolicy=Sideways" });
    },
  },
  {
    title: "the status of a deployment without nodes",
    play: async (story) => {
      const pods = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "a", image: "nginx" }] } };
      const deployment = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "a" },
        spec: { replicas: 1, selector: { matchLabels: { a: "b" } }, template: pods },
      };
      await story.post("apps/v1:deployments", deployment, { silent: true });
      const { body } = await story.until(
        "apps/v1:deployments/a",
        (answer) => answer.body.status?.replicas === 1 && answer.body.status?.unavailableReplicas === 1 && answer.body.status?.conditions?.length === 2,
      );
      const conditions = body.status.conditions.map(({ type, status, reason, message }: { type: string; status: string; reason: string; message: string }) => ({
        type,
        status,
        reason,
        message: message.replace(/a-[a-z0-9]+/, "a-$hash"),
      }));
      story.note(JSON.stringify({ ...body.status, conditions: conditions.toSorted((a: { type: string }, b: { type: string }) => (a.type < b.type ? -1 : 1)) }));
      story.note(JSON.stringify(body.metadata.annotations));
    },
  },
  {
    title: "a deployment of no replicas is available",
    play: async (story) => {
      const pods = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "a", image: "nginx" }] } };
      await story.post(
        "apps/v1:deployments",
        { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a" }, spec: { replicas: 0, selector: { matchLabels: { a: "b" } }, template: pods } },
        { silent: true },
      );
      const { body } = await story.until("apps/v1:deployments/a", (answer) => answer.body.status?.conditions?.length === 2);
      const conditions = body.status.conditions.map(({ type, status, reason }: { type: string; status: string; reason: string }) => ({ type, status, reason }));
      story.note(JSON.stringify({ ...body.status, conditions: conditions.toSorted((a: { type: string }, b: { type: string }) => (a.type < b.type ? -1 : 1)) }));
    },
  },
];
