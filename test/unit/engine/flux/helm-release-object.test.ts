import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { parseHelmRelease, shortenReleaseName } from "@sluice/engine/flux/helm-release-object.ts";
import { describe, expect, it } from "vitest";

const parse = (spec: JsonObject, name = "shop") =>
  parseHelmRelease({ apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease", metadata: { name, namespace: "apps", generation: 1 }, spec });

const CHART = { chart: { spec: { chart: "shop", sourceRef: { kind: "HelmRepository", name: "charts" } } } };

function specOf(spec: JsonObject, name?: string) {
  const parsed = parse({ interval: "10m", ...CHART, ...spec }, name);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value.spec;
}

it("has Flux's defaults", () => {
  expect(specOf({})).toMatchObject({
    chart: { version: "*", interval: 600_000, reconcileStrategy: "ChartVersion", sourceRef: { namespace: "apps" }, metadata: { labels: {}, annotations: {} } },
    releaseName: "shop",
    releaseNamespace: "apps",
    storageNamespace: "apps",
    timeout: 300_000,
    maxHistory: 5,
    driftDetection: { mode: "disabled", ignore: [] },
    values: {},
    postRenderStrategy: "combined",
    waitStrategy: "poller",
    install: {
      timeout: 300_000,
      crds: "Create",
      serverSideApply: true,
      strategy: { name: "RemediateOnFailure" },
      remediation: { retries: 0, ignoreTestFailures: false, remediateLastFailure: false, strategy: "uninstall" },
    },
    upgrade: {
      crds: "Create",
      serverSideApply: "auto",
      chartNameChangeStrategy: "Reinstall",
      remediation: { retries: 0, remediateLastFailure: false, strategy: "rollback" },
    },
    rollback: { serverSideApply: "auto" },
    uninstall: { deletionPropagation: "background", keepHistory: false },
    test: { enable: false, ignoreFailures: false, filters: [] },
  });
});

it.each<[string, JsonObject, object]>([
  [
    "an action's timeout is the whole's where it has none",
    { timeout: "1m", upgrade: { timeout: "2m" } },
    { install: { timeout: 60_000 }, upgrade: { timeout: 120_000 } },
  ],
  [
    "the last failure of an upgrade with retries is remediated",
    { upgrade: { remediation: { retries: 2 } } },
    { upgrade: { remediation: { remediateLastFailure: true } } },
  ],
  ["but not with retries without end", { upgrade: { remediation: { retries: -1 } } }, { upgrade: { remediation: { remediateLastFailure: false } } }],
  [
    "tests that are ignored are so for both actions",
    { test: { ignoreFailures: true }, upgrade: { remediation: { ignoreTestFailures: false } } },
    { install: { remediation: { ignoreTestFailures: true } }, upgrade: { remediation: { ignoreTestFailures: false } } },
  ],
  [
    "RetryOnFailure comes again after five minutes",
    { install: { strategy: { name: "RetryOnFailure" } } },
    { install: { strategy: { name: "RetryOnFailure", retryInterval: 300_000 } } },
  ],
  ["skipCRDs is an old word for Skip", { install: { skipCRDs: true } }, { install: { crds: "Skip" } }],
  ["no limit of history", { maxHistory: 0 }, { maxHistory: 0 }],
  [
    "values of references",
    { valuesFrom: [{ kind: "Secret", name: "s" }] },
    { valuesFrom: [{ kind: "Secret", name: "s", valuesKey: "values.yaml", optional: false, literal: false }] },
  ],
  ["where it goes", { targetNamespace: "web", storageNamespace: "helm" }, { releaseName: "web-shop", releaseNamespace: "web", storageNamespace: "helm" }],
])("%s", (_, spec, want) => expect(specOf(spec)).toMatchObject(want));

describe("the release's name", () => {
  it.each([
    ["is what is given", { releaseName: "given", targetNamespace: "web" }, "shop", "given"],
    ["is the object's", {}, "shop", "shop"],
    ["is 53 characters", {}, "a-name-of-exactly-fifty-three-characters-000000000053", "a-name-of-exactly-fifty-three-characters-000000000053"],
    // Recorded in helm/release-names.
    ["is cut", {}, "a-name-of-more-than-fifty-three-characters-00000000054", "a-name-of-more-than-fifty-three-characte-763229a75dba"],
  ])("%s", (_, spec, name, want) => expect(specOf(spec, name).releaseName).toBe(want));

  it("is told apart where it is cut", () => expect(shortenReleaseName(`${"a".repeat(60)}b`)).not.toBe(shortenReleaseName(`${"a".repeat(60)}c`)));
});

it.each<[JsonObject, string]>([
  [{ interval: "10m" }, "spec: either chart or chartRef must be set"],
  [{ interval: "10m", ...CHART, chartRef: { kind: "HelmChart", name: "a" } }, "spec: either chart or chartRef must be set"],
  [CHART, "spec.interval: required value"],
  [{ interval: "10m", chartRef: { kind: "Pod", name: "a" } }, 'spec.chartRef.kind: expected one of OCIRepository, HelmChart, ExternalArtifact, got "Pod"'],
])("%j is refused", (spec, problem) => expect(parse(spec)).toEqual({ ok: false, problem }));

it("a malformed status is read as far as it goes", () => {
  const parsed = parseHelmRelease({
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name: "shop", namespace: "apps" },
    spec: { interval: "10m", ...CHART },
    status: {
      failures: "many",
      history: [{ version: 1 }, { name: "shop", namespace: "apps", version: 2, status: "deployed", testHooks: { a: {}, b: 1 } }],
      upgradeFailures: 2,
    },
  });
  expect(parsed.ok && parsed.value.status).toMatchObject({ upgradeFailures: 2, history: [{ version: 2, testHooks: { a: {} } }] });
});
