import { describe, expect, it } from "vitest";
import type { Patch, Selector } from "../../../../../../layers/engine/build/kustomize/kustomization/kustomization.ts";
import type { Loader } from "../../../../../../layers/engine/build/kustomize/load/loader.ts";
import { createPatchJson6902Transformer } from "../../../../../../layers/engine/build/kustomize/patch/patch-json6902-transformer.ts";
import { createPatchStrategicMergeTransformer } from "../../../../../../layers/engine/build/kustomize/patch/patch-strategic-merge-transformer.ts";
import { createPatchTransformer } from "../../../../../../layers/engine/build/kustomize/patch/patch-transformer.ts";
import { readResources } from "../../../../../../layers/engine/build/kustomize/resource/read-resources.ts";
import type { Resource } from "../../../../../../layers/engine/build/kustomize/resource/resource.ts";
import type { Schema } from "../../../../../../layers/engine/build/kustomize/schema/schema.ts";
import type { Transformer } from "../../../../../../layers/engine/build/kustomize/transform/transformer.ts";
import { jsonOf } from "../../../../../../layers/engine/build/node/node.ts";
import type { Json } from "../../../../../../layers/engine/domain/json.ts";

const schema: Schema = { isNamespaced: (_, kind) => kind !== "Namespace", of: () => undefined };

const FILES: Readonly<Record<string, string>> = {
  "merge.yaml": "{kind: ConfigMap, apiVersion: v1, metadata: {name: a}, data: {k: file}}",
  "json.yaml": "- {op: add, path: /data/k, value: file}",
  "empty.yaml": "",
  "broken.yaml": "foo: [}",
  "comment.yaml": "# nothing",
};
const loader: Loader = {
  root: "app",
  shownRoot: "/app",
  load: (path) => {
    const text = FILES[path];
    if (text === undefined) return { ok: false, problem: { message: `no ${path}` } };
    return { ok: true, value: { path: `app/${path}`, bytes: new TextEncoder().encode(text) } };
  },
  open: () => ({ ok: false, problem: { message: "no folders" } }),
};

function resourcesOf(text: string): readonly Resource[] {
  const read = readResources(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

type Target = Partial<Selector>;
type Given = { readonly patch?: string; readonly path?: string; readonly target?: Target; readonly names?: boolean; readonly kinds?: boolean };

const selector = (parts: Target): Selector => ({
  group: "",
  version: "",
  kind: "",
  name: "",
  namespace: "",
  labelSelector: "",
  annotationSelector: "",
  ...parts,
});
const patchOf = ({ patch = "", path = "", target, names = false, kinds = false }: Given): Patch => ({
  patch,
  path,
  target: target && selector(target),
  options: names || kinds ? { allowNameChange: names, allowKindChange: kinds } : undefined,
});

type Made = ReturnType<typeof createPatchTransformer>;

function run(made: Made, resources: readonly Resource[]): readonly Resource[] | string {
  if (!made.ok) return `config: ${made.problem.message}`;
  const transformer: Transformer = made.value;
  const patched = transformer(resources, schema);
  return patched.ok ? patched.value : patched.problem.message;
}

const patch = (given: Given, resources: readonly Resource[]): readonly Resource[] | string =>
  run(createPatchTransformer(patchOf(given), loader, readResources), resources);

const shown = (result: readonly Resource[] | string): Json =>
  typeof result === "string" ? result : result.map(({ node }): Json => JSON.parse(JSON.stringify(jsonOf(node))));

const A = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {app: web}, annotations: {note: x}}, data: {k: v}}";
const B = "{apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: prod}, data: {k: v}}";
const TWO = `${A}\n---\n${B}`;

describe("what is wrong with a patch before there is anything to patch", () => {
  it.each<{ given: Given; want: string }>([
    { given: {}, want: "must specify one of patch and path in\n{}\n" },
    { given: { patch: " \n\u3000" }, want: 'must specify one of patch and path in\npatch: " \\n\u3000"\n' },
    { given: { patch: "x", path: "y" }, want: 'patch and path can\'t be set at the same time\npatch: x\npath: "y"\n' },
    { given: { path: "none.yaml" }, want: "failed to get the patch file from path(none.yaml): no none.yaml" },
    { given: { patch: "just words" }, want: 'unable to parse SM or JSON patch from [patch: "just words"]' },
    { given: { patch: "  foo: bar\n" }, want: 'unable to parse SM or JSON patch from [patch: "foo: bar"]' },
    { given: { patch: "[{op: add, path: /data/x, value: x}]" }, want: 'unable to parse SM or JSON patch from [patch: "[{op: add, path: /data/x, value: x}]"]' },
    { given: { path: "broken.yaml" }, want: 'unable to parse SM or JSON patch from [path: "broken.yaml"]' },
  ])("$given", ({ given, want }) => expect(patch(given, [])).toBe(`config: ${want}`));

  it.each(["empty.yaml", "comment.yaml"])("nothing in %s patches nothing", (path) =>
    expect(shown(patch({ path, target: {} }, resourcesOf(A)))).toEqual(shown(resourcesOf(A))));
});

describe("a strategic merge patch without target", () => {
  it.each<{ what: string; resources: string; given: Given; want: Json }>([
    {
      what: "goes to the object of its name",
      resources: TWO,
      given: { patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: prod}, data: {k: new}}" },
      want: [
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", labels: { app: "web" }, annotations: { note: "x" } }, data: { k: "v" } },
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b", namespace: "prod" }, data: { k: "new" } },
      ],
    },
    {
      what: "may come from a file, and take default for no namespace",
      resources: A.replace("name: a", "name: a, namespace: default"),
      given: { path: "merge.yaml" },
      want: [
        {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: "a", namespace: "default", labels: { app: "web" }, annotations: { note: "x" } },
          data: { k: "file" },
        },
      ],
    },
    {
      what: "takes labels and annotations away",
      resources: A,
      given: { patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: null, annotations: {note: null, more: 5}}}" },
      want: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", annotations: { more: 5 } }, data: { k: "v" } }],
    },
    {
      what: "with options makes texts of annotations, and null means nothing instead of them",
      resources: A,
      given: { names: true, patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: null, annotations: null}}" },
      want: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", annotations: { note: "x" } }, data: { k: "v" } }],
    },
    {
      what: "deletes",
      resources: TWO,
      given: { patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, $patch: delete}" },
      want: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b", namespace: "prod" }, data: { k: "v" } }],
    },
    {
      what: "is not found again after its object has been deleted",
      resources: A,
      given: {
        patch:
          "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, $patch: delete}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: x}}",
      },
      want: 'no resource matches strategic merge patch "ConfigMap.v1.[noGrp]/a.[noNs]": no matches for Id ConfigMap.v1.[noGrp]/a.[noNs]; failed to find unique target for patch ConfigMap.v1.[noGrp]/a.[noNs]',
    },
    {
      what: "must find its object",
      resources: A,
      given: { patch: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: x}}" },
      want: 'no resource matches strategic merge patch "Deployment.v1.apps/a.x": no matches for Id Deployment.v1.apps/a.x; failed to find unique target for patch Deployment.v1.apps/a.x',
    },
    {
      what: "says what is wrong with it",
      resources: A,
      given: { patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, $patch: bad}" },
      want: "unknown patch strategy 'bad'",
    },
  ])("$what", ({ resources, given, want }) => expect(shown(patch(given, resourcesOf(resources)))).toEqual(want));

  it("goes by names of the past, too, and must find one object", () => {
    const [a, b] = resourcesOf(`${A}\n---\n${B}`);
    if (a === undefined || b === undefined) throw new Error("two");
    const old = { kind: "ConfigMap", namespace: "default", name: "old" };
    const given = { patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: old}, data: {k: new}}" };
    expect(shown(patch(given, [{ ...a, previous: [old] }, b]))).toMatchObject([{ metadata: { name: "a" }, data: { k: "new" } }, { data: { k: "v" } }]);
    expect(
      shown(
        patch(given, [
          { ...a, previous: [old] },
          { ...b, previous: [old] },
        ]),
      ),
    ).toBe(
      'no resource matches strategic merge patch "ConfigMap.v1.[noGrp]/old.[noNs]": multiple matches for Id ConfigMap.v1.[noGrp]/old.[noNs]; failed to find unique target for patch ConfigMap.v1.[noGrp]/old.[noNs]',
    );
  });
});

describe("a strategic merge patch with a target", () => {
  it.each<{ what: string; resources: string; given: Given; want: Json }>([
    {
      what: "keeps group, version, kind, name and namespace of what is selected",
      resources: B,
      given: { target: { name: "b" }, patch: "{apiVersion: ex/v2, kind: Secret, metadata: {name: z, namespace: z}, data: {k: new}}" },
      want: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b", namespace: "prod" }, data: { k: "new" } }],
    },
    {
      what: "may change name and kind when it is allowed to, never version and namespace",
      resources: B,
      given: { target: { name: "b" }, names: true, kinds: true, patch: "{apiVersion: ex/v2, kind: Secret, metadata: {name: z, namespace: z}}" },
      want: [{ apiVersion: "v1", kind: "Secret", metadata: { name: "z", namespace: "prod" }, data: { k: "v" } }],
    },
    {
      what: "may change only the name",
      resources: B,
      given: { target: {}, names: true, patch: "{apiVersion: ex/v2, kind: Secret, metadata: {name: z}}" },
      want: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "z", namespace: "prod" }, data: { k: "v" } }],
    },
    {
      what: "makes texts of labels and annotations",
      resources: A,
      given: { target: {}, patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {app: null, n: 0644}, annotations: {note: 5, list: [x]}}}" },
      want: [
        {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: "a", labels: { app: "null", n: "0644" }, annotations: { note: "5", list: "" } },
          data: { k: "v" },
        },
      ],
    },
    {
      what: "means nothing by null or nothing instead of labels and annotations",
      resources: A,
      given: { target: {}, patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: null, annotations: {}}}" },
      want: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", labels: { app: "web" }, annotations: { note: "x" } }, data: { k: "v" } }],
    },
    {
      what: "replaces labels",
      resources: A,
      given: { target: {}, patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {$patch: replace, z: q}}}" },
      want: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", labels: { z: "q" }, annotations: { note: "x" } }, data: { k: "v" } }],
    },
    {
      what: "deletes all that are selected",
      resources: TWO,
      given: { target: { kind: "Config.*" }, patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, $patch: delete}" },
      want: [],
    },
    {
      what: "gives what has no version a version that is null",
      resources: "{kind: Foo, metadata: {name: a}}",
      given: { target: {}, patch: "{apiVersion: v1, kind: Foo, metadata: {name: a}, x: 1}" },
      want: [{ kind: "Foo", metadata: { name: "a" }, x: 1, apiVersion: null }],
    },
    {
      what: "need not select anything",
      resources: A,
      given: { target: { kind: "Nothing" }, patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: z}, data: {k: x}}" },
      want: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", labels: { app: "web" }, annotations: { note: "x" } }, data: { k: "v" } }],
    },
    {
      what: "must not make two of one id",
      resources: `${A}\n---\n${A.replace("name: a", "name: b")}`,
      given: { target: {}, names: true, patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: z}}" },
      want: "may not add resource with an already registered id: ConfigMap.v1.[noGrp]/z.[noNs]",
    },
    {
      what: "must be one",
      resources: A,
      given: { target: {}, path: "", patch: "{apiVersion: v1, kind: A, metadata: {name: a}}\n---\n{apiVersion: v1, kind: A, metadata: {name: a}}" },
      want: 'Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` field: [patch: "{apiVersion: v1, kind: A, metadata: {name: a}}\\n---\\n{apiVersion: v1, kind: A, metadata: {name: a}}"]',
    },
    {
      what: "says what is wrong with its target",
      resources: A,
      given: { target: { group: "apps", kind: "a(", labelSelector: "x", annotationSelector: "y" }, patch: "{apiVersion: v1, kind: A, metadata: {name: a}}" },
      want: 'unable to find patch target "a(.[noVer].apps/[noName].[noNs]:a=y:l=x" in `resources`: error parsing regexp: missing closing ): `^(?:a()$`',
    },
  ])("$what", ({ resources, given, want }) => expect(shown(patch(given, resourcesOf(resources)))).toEqual(want));
});

describe("what kustomize knows of an object beside what stands in it", () => {
  const known: Resource = {
    ...resourcesOf("{apiVersion: v1, kind: ConfigMap, metadata: {name: p-a}, data: {k: v}}")[0],
    node: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "p-a" }, data: { k: "v" } },
    previous: [{ kind: "ConfigMap", namespace: "default", name: "a" }],
    prefixes: ["p-"],
    suffixes: ["-s"],
    vars: ["V"],
    generated: { behavior: "create", needsHash: true },
  };
  const line = (result: readonly Resource[] | string): string => {
    if (typeof result === "string") return result;
    return result
      .map(({ previous, prefixes, suffixes, vars, generated, node }) => {
        const names = previous.map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`).join(",");
        return `${names} ${prefixes} ${suffixes} ${vars} ${generated?.behavior} ${generated?.needsHash} ${JSON.stringify(jsonOf(node.metadata ?? null))}`;
      })
      .join("\n");
  };

  it.each<{ what: string; given: Given; want: string }>([
    {
      what: "stays",
      given: { patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {x: q}}, data: {k: new}}" },
      want: 'ConfigMap/default/a p- -s V create true {"name":"p-a","annotations":{"x":"q"}}',
    },
    {
      what: "is forgotten with the annotations",
      given: { patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: null}}" },
      want: '   V unspecified false {"name":"p-a"}',
    },
    {
      what: "is forgotten when annotations are replaced",
      given: { patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {$patch: replace, x: q}}}" },
      want: '   V unspecified false {"name":"p-a","annotations":{"x":"q"}}',
    },
    {
      what: "stays when a target selects",
      given: { target: {}, patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: null}}" },
      want: 'ConfigMap/default/a p- -s V create true {"name":"p-a"}',
    },
    {
      what: "grows when a patch may change the name",
      given: { names: true, patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}" },
      want: 'ConfigMap/default/a,ConfigMap/default/p-a p- -s V create true {"name":"a"}',
    },
    {
      what: "grows with a JSON patch, which cannot take it away",
      given: { target: {}, patch: "- {op: replace, path: /metadata, value: {name: q, annotations: {x: 5, z: null}}}" },
      want: 'ConfigMap/default/a,ConfigMap/default/p-a p- -s V create true {"name":"q","annotations":{"x":"5","z":"null"}}',
    },
    {
      what: "makes annotations that a JSON patch can add to",
      given: { target: {}, patch: "- {op: add, path: /metadata/annotations/x, value: q}" },
      want: 'ConfigMap/default/a,ConfigMap/default/p-a p- -s V create true {"name":"p-a","annotations":{"x":"q"}}',
    },
    {
      what: "can be copied by a JSON patch",
      given: { target: {}, patch: "- {op: move, from: /metadata/annotations, path: /metadata/labels}" },
      want: 'ConfigMap/default/a,ConfigMap/default/p-a p- -s V create true {"name":"p-a","labels":{"internal.config.kubernetes.io/previousNames":"a,p-a","internal.config.kubernetes.io/previousNamespaces":"default,default","internal.config.kubernetes.io/previousKinds":"ConfigMap,ConfigMap","internal.config.kubernetes.io/prefixes":"p-","internal.config.kubernetes.io/suffixes":"-s","internal.config.kubernetes.io/generatorBehavior":"create","internal.config.kubernetes.io/needsHashSuffix":"enabled"}}',
    },
    {
      what: "is forgotten when there is no place for it",
      given: { target: {}, patch: "- {op: replace, path: /metadata, value: x}" },
      want: '   V unspecified false "x"',
    },
    {
      what: "is forgotten with metadata that is null",
      given: { target: {}, patch: "- {op: replace, path: /metadata, value: null}" },
      want: "   V unspecified false null",
    },
    {
      what: "stays with metadata that is gone",
      given: { target: {}, patch: "- {op: remove, path: /metadata}" },
      want: "ConfigMap/default/a,ConfigMap/default/p-a p- -s V create true {}",
    },
  ])("$what", ({ given, want }) => expect(line(patch(given, [known]))).toBe(want));
});

describe("a JSON patch", () => {
  it.each<{ what: string; given: Given; want: Json }>([
    {
      what: "goes to all that its target selects",
      given: { path: "json.yaml", target: { kind: "ConfigMap" } },
      want: [
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", labels: { app: "web" }, annotations: { note: "x" } }, data: { k: "file" } },
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b", namespace: "prod" }, data: { k: "file" } },
      ],
    },
    {
      what: "needs a target",
      given: { patch: "- {op: add, path: /x, value: 1}" },
      want: 'must specify a target for JSON patch [patch: "- {op: add, path: /x, value: 1}"]',
    },
    {
      what: "says what cannot be done",
      given: { target: { name: "b" }, patch: "- {op: test, path: /data/k, value: x}" },
      want: "testing value /data/k failed: test failed",
    },
    {
      what: "says what is wrong with its target",
      given: { target: { labelSelector: "a in b" }, patch: "- {op: remove, path: /x}" },
      want: "unable to parse requirement: found 'b' expected: '('",
    },
  ])("$what", ({ given, want }) => expect(shown(patch(given, resourcesOf(TWO)))).toEqual(want));
});

describe("patchesJson6902", () => {
  const json6902 = (given: Given, resources: readonly Resource[]): readonly Resource[] | string =>
    run(createPatchJson6902Transformer(patchOf(given), loader), resources);

  it.each<{ given: Given; want: string }>([
    { given: { patch: "[]" }, want: "must specify the target name" },
    { given: { patch: "[]", target: { kind: "ConfigMap" } }, want: "must specify the target name" },
    { given: { target: { name: "a" } }, want: "empty file path and empty jsonOp" },
    { given: { target: { name: "a" }, patch: "x", path: "y" }, want: "must specify a file path or jsonOp, not both" },
    { given: { target: { name: "a" }, path: "none.yaml" }, want: "no none.yaml" },
    { given: { target: { name: "a" }, path: "empty.yaml" }, want: "patch file 'empty.yaml' empty seems to be empty" },
    { given: { target: { name: "a" }, path: "comment.yaml" }, want: "patch appears to be empty; file=comment.yaml, JsonOp=null" },
    { given: { target: { name: "a" }, patch: "[]" }, want: "patch appears to be empty; file=, JsonOp=[]" },
    {
      given: { target: { name: "a" }, patch: "{b: <1>, a: 2.0}" },
      want: String.raw`decoding {"a":2,"b":"\u003c1\u003e"}: json: cannot unmarshal object into Go value of type jsonpatch.Patch`,
    },
    {
      given: { target: { name: "a" }, patch: "[{op: add}]" },
      want: "decoding [{op: add}]: invalid character 'o' looking for beginning of object key string",
    },
  ])("$given", ({ given, want }) => expect(json6902(given, [])).toBe(`config: ${want}`));

  it("patches, and does not remember a name", () => {
    const patched = json6902({ target: { name: "a" }, patch: "- {op: replace, path: /metadata/name, value: z}" }, resourcesOf(TWO));
    expect(shown(patched)).toMatchObject([{ metadata: { name: "z", annotations: { note: "x" } } }, { metadata: { name: "b" } }]);
    expect(typeof patched === "string" ? patched : patched[0]?.previous).toEqual([]);
  });

  it("cannot put annotations where no map is", () => {
    expect(json6902({ target: { name: "a" }, patch: "- {op: replace, path: /metadata, value: x}" }, resourcesOf(A))).toBe(
      "wrong node kind: expected MappingNode but got ScalarNode: node contents:\nx\n",
    );
  });
});

describe("patchesStrategicMerge", () => {
  const merge = (paths: readonly string[], resources: readonly Resource[], patches = ""): readonly Resource[] | string =>
    run(createPatchStrategicMergeTransformer({ paths, patches }, loader, readResources, []), resources);

  it.each<{ paths: readonly string[]; want: string }>([
    { paths: [], want: "empty file path and empty patch content" },
    { paths: ["none.yaml"], want: "no none.yaml" },
    { paths: ["empty.yaml", "comment.yaml"], want: "patch appears to be empty; files=[empty.yaml comment.yaml], Patch=" },
  ])("$paths", ({ paths, want }) => expect(merge(paths, [])).toBe(`config: ${want}`));

  it("says in which file no YAML stands", () => expect(merge(["broken.yaml"], [])).toMatch(/^config: MalformedYAMLError: yaml: .* in File: broken\.yaml$/));

  it("takes texts and files, one after the other", () => {
    const texts = ["merge.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {l: text}}"];
    expect(shown(merge(texts, resourcesOf(A), "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {m: more}}"))).toMatchObject([
      { data: { k: "file", l: "text", m: "more" } },
    ]);
  });

  it.each<{ what: string; paths: readonly string[]; resources: string; want: Json }>([
    {
      what: "must find its object",
      paths: ["{apiVersion: v1, kind: ConfigMap, metadata: {name: z}}"],
      resources: A,
      want: "no matches for Id ConfigMap.v1.[noGrp]/z.[noNs]; failed to find unique target for patch ConfigMap.v1.[noGrp]/z.[noNs]",
    },
    {
      what: "makes texts of labels, as with a target",
      paths: ["{apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: prod, labels: {x: null}}}"],
      resources: B,
      want: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b", namespace: "prod", labels: { x: "null" } }, data: { k: "v" } }],
    },
    {
      what: "deletes",
      paths: ["{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, $patch: delete}"],
      resources: A,
      want: [],
    },
  ])("$what", ({ paths, resources, want }) => expect(shown(merge(paths, resourcesOf(resources)))).toEqual(want));

  it("finds two objects of one id, wherever they came from", () => {
    const twins = [...resourcesOf(B), ...resourcesOf(B), ...resourcesOf(A)];
    expect(shown(merge(["{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"], twins))).toBe(
      "may not add resource with an already registered id: ConfigMap.v1.[noGrp]/b.prod",
    );
  });
});
