import type { ContractCase } from "../story.ts";

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

/** What a server has beyond the sandbox (nodes, exec and the like) is left out of what is compared. */
const served = (name: string): boolean =>
  !/^(nodes\/proxy|pods\/(?!status)|services\/proxy|certificatesigningrequests\/approval|bindings|componentstatuses)/.test(name);

export const discoveryCases: readonly ContractCase[] = [
  {
    title: "the core group's resources",
    play: async (story) => {
      const { body } = await story.get("/api/v1", { silent: true });
      for (const resource of body.resources.filter(({ name }: { name: string }) => served(name)))
        story.note(JSON.stringify(resource, Object.keys(resource).toSorted()));
    },
  },
  ...[
    "apps/v1",
    "batch/v1",
    "autoscaling/v2",
    "networking.k8s.io/v1",
    "rbac.authorization.k8s.io/v1",
    "apiextensions.k8s.io/v1",
    "policy/v1",
    "authorization.k8s.io/v1",
  ].map(
    (groupVersion): ContractCase => ({ title: `the resources of ${groupVersion}`, play: async (story) => void (await story.get(`/apis/${groupVersion}`)) }),
  ),
  { title: "one group", play: async (story) => void (await story.get("/apis/autoscaling")) },
  {
    title: "the groups in order",
    play: async (story) => {
      const { body } = await story.get("/apis", { silent: true });
      const groups = body.groups.filter(({ name }: { name: string }) => !name.includes("contract"));
      story.note(
        JSON.stringify(
          groups.map(({ name, preferredVersion }: { name: string; preferredVersion: { version: string } }) => `${name} ${preferredVersion.version}`),
        ),
      );
    },
  },
  {
    title: "aggregated discovery has the same resources",
    play: async (story) => {
      const { body, headers } = await story.get("/apis", { accept: AGGREGATED, silent: true });
      story.note(String(headers["content-type"]));
      for (const group of body.items.filter(({ metadata }: { metadata: { name: string } }) =>
        ["apps", "batch", "autoscaling", "policy"].includes(metadata.name),
      ))
        story.note(JSON.stringify(group));
    },
  },
  {
    title: "paths that nobody serves",
    play: async (story) => {
      for (const path of ["/foo", "/apis/none.example.com", "/apis/none.example.com/v1/things", "/api/v1/things", "/apis/apps/v7/deployments"])
        await story.get(path);
    },
  },
  {
    title: "health",
    play: async (story) => {
      for (const path of ["/livez", "/readyz", "/healthz", "/readyz/ping"]) await story.get(path);
    },
  },
  {
    title: "the version",
    play: async (story) => {
      const { body } = await story.get("/version", { silent: true });
      story.note(`${body.major} ${body.minor} ${body.gitVersion} ${body.platform}`);
    },
  },
  {
    title: "methods that a resource does not have",
    play: async (story) => {
      await story.get("serviceaccounts/default/token");
      await story.get("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews");
      await story.post("configmaps/a", {});
    },
  },
];
