import { loadChart } from "@sluice/engine/build/helm/chart/load-chart.ts";
import { lookupKey } from "@sluice/engine/build/helm/engine/engine-functions.ts";
import { createPostRender, type PostRenderSpec } from "@sluice/engine/build/helm/post-render.ts";
import { renderChart } from "@sluice/engine/build/helm/render-chart.ts";
import type { HelmHook } from "@sluice/engine/domain/helm-release.ts";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { describe, expect, it } from "vitest";
import { type RecordedRelease, recordedReleases } from "./recordings.ts";

/** The scenarios show names of their own for what differs each time; as text they are as good as any. */
const NAMESPACE = "$" + "{NS}";

const SCENARIOS: readonly string[] = [
  "client-side-apply",
  "common-metadata-changes-later",
  "crds-policies",
  "hooks",
  "install-upgrade-uninstall",
  "max-history",
  "notes-lookup-capabilities",
  "post-renderers",
  "render-compare",
  "render-control",
  "render-lists",
  "render-numbers",
  "render-strings",
  "render-value-types",
  "render-yaml-json",
  "template-error-fixed",
  "test-hooks",
  "upgrade-chart-version",
];

/** What the cluster of notes-lookup-capabilities had. */
const LOOKUPS: ReadonlyMap<string, Json> = new Map<string, Json>([
  [lookupKey("v1", "ConfigMap", NAMESPACE, "given"), { data: { colour: "violet" } }],
  [lookupKey("v1", "ConfigMap", NAMESPACE, "missing"), null],
  [lookupKey("v1", "ConfigMap", NAMESPACE, ""), { items: [{}, {}] }],
]);

const encoder = new TextEncoder();

function render({ name, version, chart, config, spec }: RecordedRelease): ReturnType<typeof renderChart> {
  const loaded = loadChart(new Map(Object.entries(chart).map(([path, text]) => [path, { bytes: encoder.encode(text), executable: false }])));
  if (!loaded.ok) throw new Error(loaded.problem);
  const {
    postRenderers = [],
    commonMetadata,
    postRenderStrategy = "combined",
  } = spec as {
    readonly postRenderers?: readonly { readonly kustomize: { readonly patches?: []; readonly images?: [] } }[];
    readonly commonMetadata?: PostRenderSpec["commonMetadata"];
    readonly postRenderStrategy?: PostRenderSpec["strategy"];
  };
  const renderers = postRenderers.map(({ kustomize: { patches = [], images = [] } }) => ({ kustomize: { patches, images } }));
  return renderChart({
    chart: loaded.value,
    values: config,
    release: { name, namespace: NAMESPACE, revision: version, isUpgrade: version > 1 },
    capabilities: { kubeVersion: { version: "v1.35.4", major: "1", minor: "35" }, apiVersions: ["v1", "apps/v1", "apps/v1/Deployment"] },
    lookups: LOOKUPS,
    seed: new Uint8Array(32),
    now: epochMs(0),
    skipSchemaValidation: false,
    postRender: createPostRender({ strategy: postRenderStrategy, renderers, commonMetadata, origin: { name, namespace: NAMESPACE } }),
  });
}

/** The recorder puts a word in the place of every moment. */
const withoutTimes = (text: string): string => text.replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/g, "$" + "{TIME}");

const shownHook = ({ name, kind, events, weight = 0, delete_policies = [] }: HelmHook): string =>
  `${kind}/${name} ${events.join()} ${weight} ${delete_policies.join()}`;

/** A hook that has run without a policy has the usual one from then on: that is the work of who runs it. */
function shownRecordedHook({ name, kind, events, weight = 0, deletePolicies = [] }: JsonObject): string {
  const policies = String(deletePolicies) === "before-hook-creation" && !WRITTEN.includes(String(name)) ? "" : String(deletePolicies);
  return `${kind}/${name} ${String(events)} ${weight} ${policies}`;
}

/** Hooks whose chart does say so. */
const WRITTEN: readonly string[] = ["after-both"];

describe("the manifests that the real helm-controller stored", () => {
  const releases = SCENARIOS.flatMap((scenario) => recordedReleases(scenario).map((release) => ({ scenario, ...release })));

  it.each(releases)("$scenario, $snapshot: $name.v$version", (release) => {
    const answer = render(release);
    if (answer.kind === "failed") throw new Error(answer.message);
    expect(withoutTimes(answer.manifest)).toBe(release.manifest);
    expect(answer.notes).toBe(release.notes);
    expect(answer.hooks.map(shownHook).toSorted()).toEqual(release.hooks.map(shownRecordedHook).toSorted());
  });

  it("has a release of every scenario", () => {
    expect(SCENARIOS.filter((scenario) => !releases.some((release) => release.scenario === scenario))).toEqual([]);
  });
});
