import { createHash } from "node:crypto";
import type { HelmHook } from "@sluice/engine/domain/helm-release.ts";
import { commonMetadataDigest, postRenderersDigest } from "@sluice/engine/release/digests.ts";
import { definitionsOf, entriesOf, objectsOf, storedDefinitionsOf } from "@sluice/engine/release/inventory.ts";
import { observationJson, releaseDigest } from "@sluice/engine/release/observation.ts";
import { expect, it } from "vitest";
import { helmRelease, stored } from "../../../support/helm-release/samples.ts";

const sha256 = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

const hook = (events: HelmHook["events"]): HelmHook => ({
  name: "h",
  kind: "Pod",
  path: "shop/templates/h.yaml",
  manifest: "kind: Pod",
  events,
  last_run: { phase: "Succeeded", started_at: "2030-01-01T00:00:00Z" },
  weight: 5,
});

it("is digested as Flux does: nulls where Go has them, tests and labels left out", () => {
  const release = stored(3, "deployed", {
    chart: {
      metadata: { version: "1.0.0", name: "shop", keywords: [], appVersion: "2.0", dependencies: [{ name: "sub", tags: [] }], unknown: 1 },
      templates: [],
    },
    hooks: [hook(["test"]), hook(["pre-install"])],
    manifest: "a: <b>\n",
    apply_method: "ssa",
  });
  const json =
    '{"name":"shop","version":3,"info":{"first_deployed":"2030-01-01T00:00:00Z","last_deployed":"2030-01-01T00:00:00Z","status":"deployed"},' +
    '"chartMetadata":{"name":"shop","version":"1.0.0","appVersion":"2.0","dependencies":[{"name":"sub","repository":""}]},"config":null,"manifest":"a: \\u003cb\\u003e\\n",' +
    '"hooks":[{"name":"h","kind":"Pod","path":"shop/templates/h.yaml","manifest":"kind: Pod","events":["pre-install"],' +
    '"last_run":{"started_at":"2030-01-01T00:00:00Z","phase":"Succeeded"},"weight":5}],"namespace":"apps","ociDigest":""}';
  expect(observationJson(release, "")).toBe(json);
  expect(releaseDigest(release)).toBe(sha256(`${json}\n`));
  expect(releaseDigest(release, "sha256:x")).not.toBe(releaseDigest(release));
});

it("digests of post-renderers and common metadata are of Go's JSON of them", () => {
  const spec = {
    postRenderers: [{ kustomize: { images: [{ newTag: "2", name: "nginx" }], patches: [{ target: { name: "a", kind: "Pod" }, patch: "" }] } }],
    commonMetadata: { labels: { b: "", a: "1" }, annotations: {} },
  };
  const { manifest } = helmRelease(spec);
  expect(postRenderersDigest(manifest)).toBe(
    sha256('[{"kustomize":{"patches":[{"patch":"","target":{"kind":"Pod","name":"a"}}],"images":[{"name":"nginx","newTag":"2"}]}}]\n'),
  );
  expect(commonMetadataDigest(manifest)).toBe(sha256('{"labels":{"a":"1","b":""}}\n'));
  expect([postRenderersDigest(helmRelease().manifest), commonMetadataDigest(helmRelease().manifest)]).toEqual([undefined, undefined]);
});

it("the inventory has the objects, in their namespaces, and no hooks", () => {
  const text = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
---
apiVersion: v1
kind: Namespace
metadata: {name: web}
---
apiVersion: v1
kind: Pod
metadata: {name: h, annotations: {helm.sh/hook: test}}
---
apiVersion: v1
kind: Secret
metadata: {name: s, namespace: elsewhere}
`;
  const objects = objectsOf(text);
  const ids = objects.ok ? entriesOf(objects.value, "apps", ({ kind }) => kind !== "Namespace").map(({ id }) => id) : [];
  expect(ids).toEqual(["apps_a__ConfigMap", "_web__Namespace", "elsewhere_s__Secret"]);
});

it("definitions are those of the chart and of the charts in it, by the names of their files", () => {
  const file = (name: string, text: string) => ({ name, data: new TextEncoder().encode(text) });
  const chart = { metadata: { apiVersion: "v2", name: "a", version: "1.0.0" }, templates: [], values: {}, valuesText: "", dependencies: [] };
  const sub = { ...chart, files: [file("crds/b.YML", "b"), file("crds/readme.md", "no")] };
  expect(definitionsOf({ ...chart, files: [file("crds/a.yaml", "a"), file("other/a.yaml", "no")], dependencies: [sub] })).toEqual(["a", "b"]);
  expect(
    storedDefinitionsOf(
      stored(1, "deployed", {
        chart: {
          files: [
            { name: "crds/a.yaml", data: "YQ==" },
            { name: "x", data: "YQ==" },
          ],
        },
      }),
    ),
  ).toEqual(["a"]);
});
