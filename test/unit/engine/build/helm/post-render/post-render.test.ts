import { createPostRender, type PostRenderSpec } from "@sluice/engine/build/helm/post-render.ts";
import { describe, expect, it } from "vitest";
import { renderOf, shown } from "../render-of.ts";

const HOOK = 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: a, annotations: {helm.sh/hook: pre-install}}\ndata: {x: "1"} # said\n';
const OBJECT = 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: b}\ndata: {x: "1"}\n';
const ORIGIN = "    helm.toolkit.fluxcd.io/name: shop\n    helm.toolkit.fluxcd.io/namespace: apps\n";

const render = (files: { readonly [path: string]: string }, spec: Partial<PostRenderSpec> = {}) =>
  renderOf(files, { postRender: createPostRender({ strategy: "combined", renderers: [], origin: { name: "shop", namespace: "apps" }, ...spec }) });

const manifest = (text: string): string => `---\n# Source: shop/templates/a.yaml\n${text}`;

describe("which objects are changed", () => {
  const files = { "templates/a.yaml": `${HOOK}---\n${OBJECT}` };
  const changedHook = `apiVersion: v1\ndata:\n  x: "1"\nkind: ConfigMap\nmetadata:\n  annotations:\n    helm.sh/hook: pre-install\n  labels:\n${ORIGIN}  name: a`;

  it.each<{ strategy: PostRenderSpec["strategy"]; hook: string }>([
    { strategy: "combined", hook: changedHook },
    { strategy: "separate", hook: changedHook },
    { strategy: "nohooks", hook: HOOK.trim() },
  ])("$strategy", ({ strategy, hook }) => {
    const answer = render(files, { strategy });
    expect(shown(answer)).toBe(manifest(`apiVersion: v1\ndata:\n  x: "1"\nkind: ConfigMap\nmetadata:\n  labels:\n${ORIGIN}  name: b\n\n`));
    expect(answer.kind === "rendered" && answer.hooks.map(({ manifest: text }) => text)).toEqual([hook]);
  });

  it.each<{ about: string; key: string }>([
    { about: "by an escape", key: '"helm\\x2esh/hook"' },
    { about: "by a tag", key: "!!binary aGVsbS5zaC9ob29r" },
  ])("knows a hook by an annotation whose name is written $about", ({ key }) => {
    const answer = render({ "templates/a.yaml": HOOK.replace("helm.sh/hook", `? ${key}\n  `) }, { strategy: "nohooks" });
    expect(shown(answer)).toBe("");
    expect(answer.kind === "rendered" && answer.hooks.map(({ name, manifest: text }) => [name, text.includes("labels")])).toEqual([["a", false]]);
  });

  it("refuses the same object as hook and as object only where both go together", () => {
    const twice = { "templates/a.yaml": HOOK, "templates/b.yaml": OBJECT.replace("name: b", "name: a") };
    expect(shown(render(twice))).toBe(
      "failed: error while running post render on files: may not add resource with an already registered id: ConfigMap.v1.[noGrp]/a.[noNs]",
    );
    expect(render(twice, { strategy: "separate" }).kind).toBe("rendered");
    expect(render(twice, { strategy: "nohooks" }).kind).toBe("rendered");
  });
});

describe("how they are changed", () => {
  it("by patches and images in turn, then common metadata, then the origin, which nobody overrides", () => {
    const renderers = [
      { kustomize: { patches: [{ patch: "- {op: replace, path: /data/x, value: one}", target: { kind: "ConfigMap" } }], images: [] } },
      { kustomize: { patches: [{ patch: "- {op: add, path: /data/y, value: two}", target: { kind: "ConfigMap" } }], images: [] } },
    ];
    const commonMetadata = { labels: { team: "blue", "helm.toolkit.fluxcd.io/name": "mine" }, annotations: { note: "all" } };
    expect(shown(render({ "templates/a.yaml": OBJECT }, { renderers, commonMetadata }))).toBe(
      manifest(
        `apiVersion: v1\ndata:\n  x: one\n  "y": two\nkind: ConfigMap\nmetadata:\n  annotations:\n    note: all\n  labels:\n${ORIGIN}    team: blue\n  name: b\n\n`,
      ),
    );
  });

  it.each<{ about: string; text: string; want: string }>([
    {
      about: "lists are expanded, comments and empty documents dropped",
      text: "# only this\n---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: s}}\n---\nnull\n",
      want: manifest(`apiVersion: v1\nkind: Secret\nmetadata:\n  labels:\n${ORIGIN}  name: s\n\n`),
    },
    {
      about: "long texts stay on their line",
      text: `apiVersion: v1\nkind: A\nmetadata: {name: a}\nx: ${"word ".repeat(40).trim()}\n`,
      want: manifest(`apiVersion: v1\nkind: A\nmetadata:\n  labels:\n${ORIGIN}  name: a\nx: ${"word ".repeat(40).trim()}\n\n`),
    },
    {
      about: "a text is no object",
      text: "hello\n",
      want: "failed: error merging manifests: parsing shop/templates/a.yaml: wrong node kind: expected MappingNode but got ScalarNode: node contents:\nhello\n",
    },
    {
      about: "what is no YAML",
      text: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a\n",
      want: "failed: error merging manifests: parsing shop/templates/a.yaml: MalformedYAMLError: yaml: line 2: did not find expected ',' or '}'",
    },
    {
      about: "an object without a name",
      text: "kind: A\n",
      want: "failed: error while running post render on files: missing metadata.name in object {{ A} {{ } map[] map[postrenderer.helm.sh/postrender-filename:shop/templates/a.yaml]}}",
    },
  ])("$about", ({ text, want }) => expect(shown(render({ "templates/a.yaml": text }))).toBe(want));

  it("says what kustomize says of a patch that finds nothing", () => {
    const renderers = [{ kustomize: { patches: [{ patch: "apiVersion: v1\nkind: Secret\nmetadata: {name: none}\n" }], images: [] } }];
    expect(shown(render({ "templates/a.yaml": OBJECT }, { renderers }))).toMatch(
      /^failed: error while running post render on files: .*no resource matches strategic merge patch|^failed: error while running post render on files: no matches/,
    );
  });
});
