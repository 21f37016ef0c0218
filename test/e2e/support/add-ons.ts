import { expect, it } from "vitest";
import { helmOfTests } from "../../support/helm.ts";
import type { Clone } from "./clone.ts";
import type { shellFor } from "./shell.ts";
import { until } from "./until.ts";

/** Where the add-ons are told: a cluster with the workshop in it, and `metrics-server` of its add-ons installed. */
export type AddOns = {
  shell(): ReturnType<typeof shellFor>;
  clone(): Clone;
  /** Of the Flux objects. */
  readonly namespace: string;
};

/**
 * "Why GitOps?", the document's story of add-ons, and how it goes on: charts install, upgrade, fail, roll back and are uninstalled. The cases follow one
 * another. What helm says of the releases is asked where the real helm runs.
 */
export function tellOfAddOns({ shell, clone, namespace }: AddOns): void {
  const must = (line: string): Promise<string> => shell().must(line);
  const release = (name: string, path: string): Promise<string> => must(`kubectl -n ${namespace} get helmrelease ${name} -o jsonpath='${path}'`);
  const ready = (name: string): Promise<string> => release(name, '{.status.conditions[?(@.type=="Ready")].status}');
  const message = (name: string): Promise<string> => release(name, '{.status.conditions[?(@.type=="Ready")].message}');
  const helm = async (words: string): Promise<string | undefined> => {
    const path = await helmOfTests();
    return path === undefined ? undefined : must(`'${path}' ${words}`);
  };

  it("metrics-server is installed", async () => {
    await until("metrics-server → Ready", async () => (await ready("metrics-server")) === "True");
    expect(await message("metrics-server")).toBe("Helm install succeeded for release kube-system/metrics-server.v1 with chart metrics-server@3.13.0");
    expect(await must("kubectl -n kube-system get deployment metrics-server -o jsonpath='{.spec.template.spec.containers[0].args[-1]}'")).toBe(
      "--kubelet-insecure-tls",
    );
  });

  it("the lines that the document uncomments bring karpenter and argo-workflows", async () => {
    await clone().run("git pull -q");
    await clone().run("sed -i.bak 's/# //' gitops/add-ons/kustomization.yaml && rm gitops/add-ons/*.bak");
    await clone().push("Added add-ons in kutomization file");
    await until(
      "push → karpenter Ready",
      async () => (await shell().sh(`kubectl -n ${namespace} get hr karpenter`)).code === 0 && (await ready("karpenter")) === "True",
    );
    await until("push → argo-workflows Ready", async () => (await ready("argo-workflows")) === "True");
    const rows = (await must(`kubectl get helmreleases -n ${namespace}`)).split("\n").map((row) => row.split(/ {2,}/));
    expect(rows.map(([name, _age, ...state]) => [name, ...state])).toEqual([
      ["NAME", "READY", "STATUS"],
      [
        "argo-workflows",
        "True",
        "Helm test succeeded for release argo/argo-workflows.v1 with chart argo-workflows@0.45.27: 1 test hook completed successfully",
      ],
      ["karpenter", "True", "Helm install succeeded for release karpenter/karpenter.v1 with chart karpenter@1.8.2"],
      ["metrics-server", "True", "Helm install succeeded for release kube-system/metrics-server.v1 with chart metrics-server@3.13.0"],
    ]);
    expect(await must("kubectl get crds -o name")).toContain("nodepools.karpenter.sh");
    expect(await must("kubectl -n argo get configmap argo-workflows-installed -o jsonpath='{.data.first}'")).toBe("true");
  });

  it("helm lists them, and has their values and notes", async () => {
    const list = await helm("list -A -o json");
    if (list === undefined) return;
    const releases: readonly { readonly name: string; readonly status: string; readonly chart: string }[] = JSON.parse(list);
    expect(releases.map(({ name, status, chart }) => `${name} ${status} ${chart}`).toSorted()).toEqual([
      "argo-workflows deployed argo-workflows-0.45.27",
      "karpenter deployed karpenter-1.8.2",
      "metrics-server deployed metrics-server-3.13.0",
    ]);
    expect(await helm(`get values karpenter -n ${namespace}`)).toContain("clusterName: local");
    expect(await helm(`get notes argo-workflows -n ${namespace}`)).toContain("port-forward service/argo-workflows-server 2746");
  });

  it("a new version of a chart upgrades the release, its Job first; the password that was made stays", async () => {
    const password = (): Promise<string> => must("kubectl -n argo get secret argo-workflows-artifacts -o jsonpath='{.data.secretkey}'");
    const before = await password();
    await clone().edit("charts/argo-workflows/Chart.yaml", (text) => text.replace("version: 0.45.27", "version: 0.46.0"));
    await clone().edit("gitops/add-ons/03-argo-workflows.yaml", (text) =>
      text.replace("      authModes: [server]", "      authModes: [server]\n      replicas: 2"),
    );
    await clone().push("Argo Workflows 0.46.0");
    // The values may come before the chart: that makes two revisions.
    const upgraded = /^Helm test succeeded for release argo\/argo-workflows\.v[23] with chart argo-workflows@0\.46\.0:/;
    await until("push → upgraded", async () => upgraded.test(await message("argo-workflows")) && (await ready("argo-workflows")) === "True");
    expect(await must("kubectl -n argo get deployment argo-workflows-server -o jsonpath='{.spec.replicas}'")).toBe("2");
    expect(await must("kubectl -n argo get configmap argo-workflows-installed -o jsonpath='{.data.first}{.data.revision}'")).toMatch(/^false[23]$/);
    expect(await must("kubectl -n argo get jobs -o name")).toBe("");
    expect(await password()).toBe(before);
  });

  it("values that the chart does not take change nothing, and the message says which", async () => {
    await clone().edit("gitops/add-ons/01-metric-server.yaml", (text) => text.replace("  values:\n", "  values:\n    replicas: two\n"));
    await clone().push("Two");
    await until("push → refused", async () => (await ready("metrics-server")) === "False");
    expect(await message("metrics-server")).toContain("- at '/replicas': got string, want integer");
    expect(await must("kubectl -n kube-system get deployment metrics-server -o jsonpath='{.spec.replicas}'")).toBe("1");
    await clone().edit("gitops/add-ons/01-metric-server.yaml", (text) => text.replace("replicas: two", "replicas: 2"));
    await clone().push("2");
    await until("push → Ready", async () => (await ready("metrics-server")) === "True");
    expect(await must("kubectl -n kube-system get deployment metrics-server -o jsonpath='{.spec.replicas}'")).toBe("2");
  });

  it("an upgrade that the API server refuses is rolled back", async () => {
    await clone().edit("gitops/add-ons/03-argo-workflows.yaml", (text) => text.replace("      replicas: 2", "      replicas: 2\n      servicePort: 99999"));
    await clone().push("A port that is none");
    await until("push → rolled back", async () => (await release("argo-workflows", '{.status.conditions[?(@.type=="Stalled")].reason}')) === "RetriesExceeded");
    expect(await message("argo-workflows")).toMatch(
      /^Helm rollback to previous release argo\/argo-workflows\.v\d+ with chart argo-workflows@0\.46\.0 succeeded$/,
    );
    expect(await must("kubectl -n argo get service argo-workflows-server -o jsonpath='{.spec.ports[0].port}'")).toBe("2746");
    await clone().edit("gitops/add-ons/03-argo-workflows.yaml", (text) => text.replace("      servicePort: 99999", "      servicePort: 8080"));
    await clone().push("A port");
    await until("push → Ready", async () => (await ready("argo-workflows")) === "True");
    expect(await must("kubectl -n argo get service argo-workflows-server -o jsonpath='{.spec.ports[0].port}'")).toBe("8080");
  });

  it("what leaves Git is uninstalled, what is to be kept stays", async () => {
    await clone().run("sed -i.bak '/karpenter/d; /argo/d' gitops/add-ons/kustomization.yaml && rm gitops/add-ons/*.bak");
    await clone().push("No more add-ons");
    await until("push → uninstalled", async () => (await must(`kubectl -n ${namespace} get helmreleases -o name`)).split("\n").length === 1);
    expect(await must("kubectl -n argo get deployments,services,statefulsets -o name")).toBe("");
    expect(await must("kubectl -n karpenter get deployments,services -o name")).toBe("");
    const crds = await must("kubectl get crds -o name");
    for (const kept of ["workflows.argoproj.io", "nodepools.karpenter.sh"]) expect(crds).toContain(kept);
    expect(JSON.parse((await helm("list -A -o json")) ?? '["elsewhere"]')).toHaveLength(1);
  });
}
