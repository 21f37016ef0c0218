import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { describe, expect, it } from "vitest";
import { createMemoryCli, type Said } from "../../../support/cli/memory-cli.ts";

const metadata = { name: "shop", namespace: "apps", uid: "1", generation: 1 };
const conditions = [{ type: "Ready", status: "True", reason: "Fine", message: "all is well" }];
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const OBJECTS: readonly Manifest[] = [
  {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata,
    spec: {
      interval: "10m",
      chartRef: { kind: "HelmChart", name: "shop" },
      values: { colour: "green" },
      valuesFrom: [{ kind: "Secret", name: "given", valuesKey: "password", targetPath: "password" }],
    },
    status: {
      history: [{ name: "shop", namespace: "apps", version: 1, status: "deployed", chartVersion: "1.0.0", firstDeployed: "2026-01-01T00:00:00Z" }],
      conditions,
    },
  },
  {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata,
    spec: {
      interval: "10m",
      prune: true,
      sourceRef: { kind: "GitRepository", name: "repo" },
      postBuild: { substitute: { region: "eu" }, substituteFrom: [{ kind: "Secret", name: "given" }] },
    },
    status: { history: [{ digest: "sha256:1", totalReconciliations: 2 }], conditions },
  },
  { apiVersion: "v1", kind: "Secret", metadata: { name: "given", namespace: "apps" }, data: { password: base64("hunter2-and-more") } },
];

const debug = (...words: readonly string[]): Promise<Said> => createMemoryCli({ objects: OBJECTS }).run(["debug", ...words, "-n", "apps"]);

/** As flux 2.9.5 prints it: what goes into a run, secret or not. */
describe("debug helmrelease", () => {
  it.each([
    { flag: "--show-values", out: "colour: green\npassword: hunter2-and-more\n" },
    {
      flag: "--show-history",
      out: '# History documentation: https://fluxcd.io/flux/components/helm/helmreleases/#history\n- chartVersion: 1.0.0\n  deleted: null\n  firstDeployed: "2026-01-01T00:00:00Z"\n  name: shop\n  namespace: apps\n  status: deployed\n  version: 1\n',
    },
  ])("$flag", async ({ flag, out }) => expect(await debug("hr", "shop", flag)).toMatchObject({ out, code: 0 }));
  it("--show-status", async () => expect((await debug("hr", "shop", "--show-status")).out).toContain("reason: Fine"));
  it("wants one of them", async () =>
    expect((await debug("hr", "shop")).err).toBe("✗ exactly one of --show-status, --show-values, or --show-history must be set\n"));
});

describe("debug kustomization", () => {
  it.each([
    { flag: "--show-vars", out: "password=hunter2-and-more\nregion=eu\n" },
    {
      flag: "--show-history",
      out: "# History documentation: https://fluxcd.io/flux/components/kustomize/kustomizations/#history\n- digest: sha256:1\n  totalReconciliations: 2\n",
    },
  ])("$flag", async ({ flag, out }) => expect(await debug("ks", "shop", flag)).toMatchObject({ out, code: 0 }));
  it("--show-status", async () => expect((await debug("ks", "shop", "--show-status")).out).toContain("reason: Fine"));
  it("of one that is not there", async () => expect((await debug("ks", "none", "--show-vars")).code).toBe(1));
});
