import { installManifests } from "@sluice/engine/flux/install.ts";
import { uninstallSteps } from "@sluice/engine/flux/uninstall.ts";
import { describe, expect, it } from "vitest";

const options = { namespace: "gitops", version: "v1.2.3", image: "example.com/sluice:v1.2.3" };
const manifests = installManifests(options);
const find = (kind: string, name: string) => manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);

describe("installManifests", () => {
  it("come in apply order", () => {
    const kinds = manifests.map(({ kind }) => kind);
    expect(kinds.filter((kind, index) => kind !== kinds[index - 1])).toEqual([
      "Namespace",
      "CustomResourceDefinition",
      "ClusterRole",
      "ServiceAccount",
      "ClusterRoleBinding",
      "Deployment",
    ]);
    expect(kinds.filter((kind) => kind === "CustomResourceDefinition")).toHaveLength(15);
  });

  it("all carry the labels of an installation of Flux", () => {
    const labels = { "app.kubernetes.io/part-of": "flux", "app.kubernetes.io/instance": "gitops", "app.kubernetes.io/version": "v1.2.3" };
    for (const { metadata } of manifests) expect(metadata.labels).toMatchObject(labels);
    expect(find("Deployment", "sluice")).toMatchObject({ spec: { template: { metadata: { labels } } } });
  });

  it("the marker never runs, and names an image with a tag", () => {
    expect(find("Deployment", "sluice")).toMatchObject({
      metadata: { namespace: "gitops" },
      spec: { replicas: 0, template: { spec: { serviceAccountName: "sluice", containers: [{ image: "example.com/sluice:v1.2.3" }] } } },
    });
  });

  it.each([
    ["crd-controller-gitops", "crd-controller-gitops"],
    ["cluster-reconciler-gitops", "cluster-admin"],
  ])("%s binds %s to the ServiceAccount", (binding, role) => {
    expect(find("ClusterRoleBinding", binding)).toMatchObject({
      roleRef: { kind: "ClusterRole", name: role },
      subjects: [{ kind: "ServiceAccount", name: "sluice", namespace: "gitops" }],
    });
  });

  it("groups from outside get what the ServiceAccount gets", () => {
    const bindings = installManifests({ ...options, groups: ["engines"] }).filter(({ kind }) => kind === "ClusterRoleBinding");
    const group = { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "engines" };
    const bound = bindings.filter(({ subjects }) => JSON.stringify(subjects).includes(JSON.stringify(group)));
    expect(bound.map(({ metadata }) => metadata.name)).toEqual(["crd-controller-gitops", "cluster-reconciler-gitops"]);
  });

  it.each([
    ["sluice-source-gitops", "sluice:source"],
    ["sluice-sweep-gitops", "sluice:sweep"],
    ["sluice-notify-gitops", "sluice:notify"],
    ["sluice-receiver-gitops", "sluice:receiver"],
  ])("%s is for the group %s, and for nobody else", (name, group) => {
    expect(find("ClusterRoleBinding", name)).toMatchObject({
      roleRef: { kind: "ClusterRole", name },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: group }],
    });
  });

  it("whoever sweeps may read, and nothing else", () => {
    expect(find("ClusterRole", "sluice-sweep-gitops")).toMatchObject({ rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["get", "list"] }] });
  });

  type Rule = { readonly apiGroups: readonly string[]; readonly resources: readonly string[]; readonly verbs: readonly string[] };
  const may = (role: string, verb: string): readonly string[] =>
    ((find("ClusterRole", role)?.["rules"] ?? []) as readonly Rule[])
      .filter(({ verbs }) => verbs.includes(verb))
      .flatMap(({ apiGroups, resources }) => apiGroups.flatMap((group) => resources.map((resource) => `${resource}.${group.split(".")[0]}`)))
      .toSorted();
  it("whoever notifies writes Events, and nothing else", () => {
    expect([may("sluice-notify-gitops", "create"), may("sluice-notify-gitops", "patch")]).toEqual([["events."], ["events."]]);
    expect(may("sluice-notify-gitops", "list")).toEqual(["alerts.notification", "providers.notification"]);
    expect(may("sluice-notify-gitops", "get")).toEqual(
      expect.arrayContaining(["alerts.notification", "kustomizations.kustomize", "providers.notification", "secrets."]),
    );
  });
  it("whoever answers webhooks changes what Flux reconciles, not its status, and nothing else", () => {
    expect(may("sluice-receiver-gitops", "patch")).toEqual(may("sluice-receiver-gitops", "list"));
    expect(may("sluice-receiver-gitops", "patch")).toEqual([
      "artifactgenerators.source",
      "buckets.source",
      "externalartifacts.source",
      "gitrepositories.source",
      "helmcharts.source",
      "helmreleases.helm",
      "helmrepositories.source",
      "imagepolicies.image",
      "imagerepositories.image",
      "imageupdateautomations.image",
      "kustomizations.kustomize",
      "ocirepositories.source",
    ]);
    expect(may("sluice-receiver-gitops", "get")).toEqual([...may("sluice-receiver-gitops", "list"), "receivers.notification", "secrets."].toSorted());
    expect(may("sluice-receiver-gitops", "create")).toEqual([]);
  });

  it("the marker names the installation on AWS, where there is one", () => {
    expect(find("Deployment", "sluice")?.metadata.annotations).toBeUndefined();
    const stamped = installManifests({ ...options, cluster: { name: "prod", region: "eu-central-1" } }).find(({ kind }) => kind === "Deployment");
    expect(stamped?.metadata.annotations).toEqual({ "sluice.dev/cluster": "prod", "sluice.dev/region": "eu-central-1" });
  });

  it.each([
    ["flux-view-gitops", ["view", "edit", "admin"], ["get", "list", "watch"]],
    ["flux-edit-gitops", ["edit", "admin"], ["create", "delete", "deletecollection", "patch", "update"]],
  ])("%s is aggregated to %j", (name, roles, verbs) => {
    const role = find("ClusterRole", name);
    const aggregated = Object.keys(role?.metadata.labels ?? {}).filter((key) => key.startsWith("rbac.authorization.k8s.io/aggregate-to-"));
    expect(aggregated.map((key) => key.split("-to-")[1])).toEqual(roles);
    expect(role).toMatchObject({ rules: [{ resources: ["*"], verbs }] });
  });

  it("every rule names all six groups of Flux", () => {
    const groups = ["notification.toolkit", "source.toolkit", "source.extensions", "helm.toolkit", "image.toolkit", "kustomize.toolkit"];
    const want = groups.map((group) => `${group}.fluxcd.io`);
    for (const name of ["crd-controller-gitops", "flux-view-gitops", "flux-edit-gitops"]) {
      expect(find("ClusterRole", name)).toMatchObject({ rules: expect.arrayContaining([expect.objectContaining({ apiGroups: want })]) });
    }
  });
});

describe("uninstallSteps", () => {
  const line = (step: ReturnType<typeof uninstallSteps>[number]): string => {
    switch (step.kind) {
      case "delete-labelled":
        return `delete ${step.objectKind}${step.namespace === undefined ? "" : ` in ${step.namespace}`}`;
      case "clear-finalizers":
        return "clear finalizers";
      case "delete-namespace":
        return `delete namespace ${step.name}`;
    }
  };
  const lines = (keepNamespace: boolean): readonly string[] => {
    const all = uninstallSteps({ namespace: "gitops", keepNamespace }).map(line);
    return all.filter((text, index) => text !== all[index - 1]);
  };

  it("end what could act before finalizers go, and finalizers before the CRDs", () => {
    expect(lines(false)).toEqual([
      "delete Deployment in gitops",
      "delete Service in gitops",
      "delete NetworkPolicy in gitops",
      "delete ServiceAccount in gitops",
      "delete ClusterRole",
      "delete ClusterRoleBinding",
      "clear finalizers",
      "delete CustomResourceDefinition",
      "delete namespace gitops",
    ]);
  });

  it("can keep the namespace", () => expect(lines(true).at(-1)).toBe("delete CustomResourceDefinition"));

  it("clear the finalizers of every kind", () => {
    const cleared = uninstallSteps({ namespace: "gitops", keepNamespace: false }).filter(({ kind }) => kind === "clear-finalizers");
    expect(cleared).toHaveLength(15);
    expect(cleared).toContainEqual({ kind: "clear-finalizers", apiVersion: "helm.toolkit.fluxcd.io/v2", objectKind: "HelmRelease" });
  });
});
