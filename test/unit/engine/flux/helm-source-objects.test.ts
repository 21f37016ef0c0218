import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { parseHelmChart } from "@sluice/engine/flux/helm-chart-object.ts";
import { parseHelmRepository } from "@sluice/engine/flux/helm-repository-object.ts";
import { describe, expect, it } from "vitest";

const object = (kind: string, spec: JsonObject, status?: JsonObject): Manifest => ({
  apiVersion: "source.toolkit.fluxcd.io/v1",
  kind,
  metadata: { name: "a", namespace: "b", generation: 3 },
  spec,
  ...(status !== undefined && { status }),
});
const CHART = { chart: "shop", interval: "1h", sourceRef: { kind: "HelmRepository", name: "charts" } };

describe("HelmRepository", () => {
  it("has the engine's defaults", () => {
    const parsed = parseHelmRepository(object("HelmRepository", { url: "https://a" }));
    expect(parsed.ok && parsed.value.spec).toEqual({
      url: "https://a",
      type: "default",
      interval: 60_000,
      timeout: 60_000,
      passCredentials: false,
      insecure: false,
      provider: "generic",
      suspend: false,
    });
    expect(parsed.ok && parsed.value.status).toEqual({});
  });

  it("has what is written; accessFrom is read by nobody", () => {
    const spec = {
      url: "oci://a",
      type: "oci",
      interval: "5m",
      timeout: "10s",
      secretRef: { name: "s" },
      certSecretRef: { name: "c" },
      passCredentials: true,
      insecure: true,
      provider: "aws",
      suspend: true,
      accessFrom: { namespaceSelectors: "nonsense" },
    };
    const parsed = parseHelmRepository(object("HelmRepository", spec));
    const { accessFrom: _, ...rest } = spec;
    expect(parsed.ok && parsed.value.spec).toEqual({ ...rest, interval: 300_000, timeout: 10_000, secretRef: "s", certSecretRef: "c" });
  });

  it.each<[JsonObject, string]>([
    [{}, "spec.url: required value"],
    [{ url: 1, type: "git" }, 'spec.url: expected a text, got a number; spec.type: expected one of default, oci, got "git"'],
    [{ url: "https://a", interval: "soon" }, 'spec.interval: expected a duration such as "10m0s", got "soon"'],
    [{ url: "https://a", secretRef: {} }, "spec.secretRef.name: required value"],
  ])("%j is refused", (spec, problem) => expect(parseHelmRepository(object("HelmRepository", spec))).toEqual({ ok: false, problem }));

  it("keeps what it can of a status", () => {
    const artifact = { path: "a", url: "http://a", revision: "sha256:a", digest: "sha256:b", lastUpdateTime: "2030-01-01T00:00:00Z", size: 3 };
    const parsed = parseHelmRepository(
      object("HelmRepository", { url: "https://a" }, { observedGeneration: 2, artifact, url: "http://a", conditions: [1], lastHandledReconcileAt: "" }),
    );
    expect(parsed.ok && parsed.value.status).toEqual({ observedGeneration: 2, artifact, url: "http://a", conditions: [], lastHandledReconcileAt: "" });
  });
});

describe("HelmChart", () => {
  it("has the engine's defaults", () => {
    const parsed = parseHelmChart(object("HelmChart", CHART));
    expect(parsed.ok && parsed.value.spec).toEqual({
      chart: "shop",
      version: "*",
      sourceRef: { kind: "HelmRepository", name: "charts" },
      interval: 3_600_000,
      reconcileStrategy: "ChartVersion",
      valuesFiles: [],
      ignoreMissingValuesFiles: false,
      suspend: false,
    });
  });

  it("has what is written", () => {
    const spec = {
      ...CHART,
      version: "",
      reconcileStrategy: "Revision",
      valuesFiles: ["a"],
      ignoreMissingValuesFiles: true,
      verify: { secretRef: { name: "k" } },
    };
    const parsed = parseHelmChart(object("HelmChart", spec));
    expect(parsed.ok && parsed.value.spec).toMatchObject({ ...spec, interval: 3_600_000, verify: { provider: "cosign", secretRef: "k" } });
  });

  it.each<[JsonObject, string]>([
    [{ chart: "a" }, "spec.sourceRef: required value; spec.interval: required value"],
    [
      { ...CHART, sourceRef: { kind: "OCIRepository", name: "a" } },
      'spec.sourceRef.kind: expected one of HelmRepository, GitRepository, Bucket, got "OCIRepository"',
    ],
    [{ ...CHART, valuesFiles: [1] }, "spec.valuesFiles[0]: expected a text, got a number"],
    [{ ...CHART, verify: { provider: "pgp" } }, 'spec.verify.provider: expected one of cosign, notation, got "pgp"'],
  ])("%j is refused", (spec, problem) => expect(parseHelmChart(object("HelmChart", spec))).toEqual({ ok: false, problem }));

  it("keeps what it can of a status", () => {
    const status = { observedGeneration: 2, observedChartName: "shop", observedSourceArtifactRevision: "r", observedValuesFiles: ["a"], url: "u" };
    const parsed = parseHelmChart(object("HelmChart", CHART, { ...status, artifact: { path: "a" } }));
    expect(parsed.ok && parsed.value.status).toEqual(status);
  });
});
