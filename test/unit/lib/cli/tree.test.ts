import { gzipSync } from "node:zlib";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { describe, expect, it } from "vitest";
import { createMemoryCli } from "../../../support/cli/memory-cli.ts";

const kustomization = (name: string, ids: readonly string[], spec: object = {}): Manifest => ({
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { name, namespace: "flux-system" },
  spec: spec as never,
  status: { inventory: { entries: ids.map((id) => ({ id, v: "v1" })) } },
});
const ks = (name: string): string => `flux-system_${name}_kustomize.toolkit.fluxcd.io_Kustomization`;

const release: Manifest = {
  apiVersion: "helm.toolkit.fluxcd.io/v2",
  kind: "HelmRelease",
  metadata: { name: "web", namespace: "apps" },
  spec: { install: { crds: "Create" } },
  status: { storageNamespace: "apps", history: [{ name: "web", namespace: "apps", version: 3 }] },
};
const stored = (manifest: string): string => Buffer.from(gzipSync(JSON.stringify({ name: "web", manifest })).toString("base64")).toString("base64");
const secret = (release: string): Manifest => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "sh.helm.release.v1.web.v3", namespace: "apps" },
  data: { release },
});
const definition: Manifest = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "things.example.com", labels: { "helm.toolkit.fluxcd.io/name": "web", "helm.toolkit.fluxcd.io/namespace": "apps" } },
};

const tree = async (...objects: readonly Manifest[]) => createMemoryCli({ objects }).run(["tree", "ks", "root"]);

describe("tree kustomization", () => {
  it("goes into Kustomizations, and not round in circles", async () => {
    const { out } = await tree(kustomization("root", [ks("a")]), kustomization("a", ["apps_x__Secret", ks("root"), ks("a")]));
    expect(out).toBe("Kustomization/flux-system/root\n└── Kustomization/flux-system/a\n    ├── Secret/apps/x\n    └── Kustomization/flux-system/root\n\n");
  });

  it("does not look here for what was applied elsewhere", async () => {
    const { out, code } = await tree(kustomization("root", [ks("gone")], { kubeConfig: { secretRef: { name: "x" } } }));
    expect([out, code]).toEqual(["Kustomization/flux-system/root\n└── Kustomization/flux-system/gone\n\n", 0]);
  });

  it("opens the storage of a Helm release, and finds its CRDs by their labels", async () => {
    const manifest = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n";
    const { out } = await tree(kustomization("root", ["apps_web_helm.toolkit.fluxcd.io_HelmRelease"]), release, secret(stored(manifest)), definition);
    expect(out).toBe(
      `Kustomization/flux-system/root
└── HelmRelease/apps/web
    ├── Service/apps/web
    ├── Namespace/n
    └── CustomResourceDefinition/things.example.com

`,
    );
  });

  it.each([
    { what: "what is no release", objects: [release, secret("bm9uc2Vuc2U=")], said: "failed to decode the Helm storage object for HelmRelease 'apps/web'" },
    { what: "a Kustomization that is gone", objects: [], said: 'helmreleases.helm.toolkit.fluxcd.io "web" not found' },
  ])("says $what", async ({ objects, said }) => {
    const end = await tree(kustomization("root", ["apps_web_helm.toolkit.fluxcd.io_HelmRelease"]), ...objects);
    expect([end.err, end.code]).toEqual([`✗ ${said}\n`, 1]);
  });

  it("says which line of an inventory is none", async () => {
    expect((await tree(kustomization("root", ["nonsense"]))).err).toBe("✗ unable to parse stored object metadata: nonsense\n");
  });
});
