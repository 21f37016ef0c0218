import { type BuildSpec, buildManifests } from "@sluice/engine/build/build-manifests.ts";
import { hideSecrets } from "@sluice/engine/build/hide-secrets.ts";
import { createKustomizer } from "@sluice/engine/build/kustomize/build.ts";
import { filesOfTree } from "@sluice/engine/build/kustomize/files-of-tree.ts";
import { describe, expect, it } from "vitest";
import { treeOf } from "./trees.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

const CANARY = "canary-7f3e";
const CODED = Buffer.from(CANARY).toString("base64");
const LEAK = new RegExp(`canary|7f3e|${CODED.slice(0, 12)}`, "i");
const secret = (more: string, name = "a"): string => `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}}\n${more}\n`;
/** kustomize shows both objects when a namespace makes one id of two. */
const twice = (body: string): Files => ({
  "kustomization.yaml": "namespace: x\nresources: [a.yaml, b.yaml]\n",
  "a.yaml": `${body.replace("{name: a", "{name: a, namespace: one")}`,
  "b.yaml": `${body.replace("{name: a", "{name: a, namespace: two")}`,
});
/** Two like `resource` with one generated object to merge: kustomize shows the two. */
const generated = (source: string, more: Files = {}): Files => ({
  "kustomization.yaml": "namespace: x\nresources: [one, two]\n",
  "one/kustomization.yaml": `namespace: one\ngeneratorOptions: {disableNameSuffixHash: true}\nsecretGenerator: [{name: a, ${source}}]\n`,
  "two/kustomization.yaml": `namespace: two\ngeneratorOptions: {disableNameSuffixHash: true}\nsecretGenerator: [{name: a, ${source}}]\n`,
  ...Object.fromEntries(
    Object.entries(more).flatMap(([path, content]) => [
      [`one/${path}`, content],
      [`two/${path}`, content],
    ]),
  ),
});
const patched = (entry: string, more: Files = {}): Files => ({
  "kustomization.yaml": `resources: [a.yaml]\npatches: [${entry}]\n`,
  "a.yaml": secret("stringData: {q: x-y-z}"),
  ...more,
});

/** Where a secret can stand, in builds that fail over it. Each of them shows it where nothing is masked. */
const BUILDS: [string, Files, BuildSpec?][] = [
  ["data", twice(secret(`data: {p: ${CODED}}`))],
  ["data in lines", twice(secret(`data:\n  p: |\n    ${CODED.slice(0, 8)}\n    ${CODED.slice(8)}`))],
  ["data folded", twice(secret(`data:\n  p: >-\n    ${CODED.slice(0, 8)}\n    ${CODED.slice(8)}`))],
  ["stringData", twice(secret(`stringData: {p: ${CANARY}}`))],
  ["stringData with quotes", twice(secret(`stringData: {p: 'the "${CANARY}" <it''s>\\'}`))],
  ["stringData of many lines", twice(secret(`stringData:\n  p: |\n    first ${CANARY}\n    second ${CANARY}`))],
  ["a misspelt field", twice(secret(`datta: {p: ${CANARY}}`))],
  ["data that is no map", twice(secret(`stringData: ${CANARY}`))],
  [
    "an annotation with what was applied",
    twice(secret(`data: {p: ${CODED}}`).replace("{name: a}", `{name: a, annotations: {last: '{"kind":"Secret","data":{"p":"${CODED}"}}'}}`)),
  ],
  ["a kind in other case", twice(secret(`stringData: {p: ${CANARY}}`).replace("Secret", "secret"))],
  ["a kind with escapes", twice(secret(`stringData: {p: ${CANARY}}`).replace("Secret", '"Se\\x63ret"'))],
  ["a List", twice(`apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {p: ${CANARY}}}\n`)],
  [
    "far away",
    {
      "kustomization.yaml": "namespace: x\nresources: [b/c/d]\n",
      ...Object.fromEntries(Object.entries(twice(secret(`stringData: {p: ${CANARY}}`))).map(([path, text]) => [`b/c/d/${path}`, text])),
    },
  ],
  ["a literal", generated(`literals: ["p=${CANARY}"]`)],
  ["a literal without a key", { "kustomization.yaml": `secretGenerator: [{name: a, literals: ["q=${CANARY}", b]}]\n` }],
  [
    "a literal in a component",
    {
      "kustomization.yaml": "components: [c]\n",
      "c/kustomization.yaml": `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nsecretGenerator: [{name: a, literals: ["q=${CANARY}", b]}]\n`,
    },
  ],
  ["a generator in other case", { "kustomization.yaml": `SecretGenerator: [{name: a, Literals: ["q=${CANARY}", b]}]\n` }],
  ["a file", generated("files: [p.txt]", { "p.txt": `${CANARY}\n` })],
  ["a key", generated("files: [k=p.pem]", { "p.pem": `-----BEGIN-----\n${CANARY}\n${"canary".repeat(30)}\n-----END-----\n` })],
  ["an env file", generated("envs: [.env]", { ".env": `P=${CANARY}\n` })],
  ["an env file of the old field", generated("env: .env", { ".env": `P=${CANARY}\n` })],
  [
    "an env line that is no text",
    { "kustomization.yaml": "secretGenerator: [{name: a, envs: [.env]}]\n", ".env": Buffer.concat([Buffer.from(`P=${CANARY}`), Buffer.from([0xff])]) },
  ],
  [
    "an inline generator",
    { "kustomization.yaml": `generators:\n- |-\n  apiVersion: builtin\n  kind: SecretGenerator\n  metadata: {name: a}\n  literals: ["q=${CANARY}", b]\n` },
  ],
  ["a patch that is none", patched(`{target: {kind: Secret}, patch: 'stringData: [${CANARY}'}`)],
  ["a patch that is none for a name", patched(`{target: {name: a}, patch: '[{"op": "add", "path": "/data/p", "value": "${CANARY}"]'}`)],
  ["a patch that is neither", patched(`{target: {kind: Sec.*}, patch: "- ${CANARY}"}`)],
  ["a patch and a path", patched(`{path: p.yaml, target: {kind: Secret}, patch: '[{"op": "add", "path": "/stringData/p", "value": "${CANARY}"}]'}`)],
  ["a JSON patch for nobody", patched(`{patch: '[{"op": "add", "path": "/stringData/p", "value": "${CANARY}"}]'}`)],
  [
    "the Kustomization's own patch",
    { "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": secret("stringData: {q: x-y-z}") },
    { patches: [{ target: { kind: "Secret" }, patch: `stringData: [${CANARY}` }] },
  ],
  [
    "the Kustomization's own patch for nobody",
    { "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": secret("stringData: {q: x-y-z}") },
    { patches: [{ patch: `- ${CANARY}` }] },
  ],
  [
    "patchesStrategicMerge",
    {
      "kustomization.yaml": `resources: [a.yaml]\npatchesStrategicMerge: ["kind: Secret\\nstringData: [${CANARY}"]\n`,
      "a.yaml": secret("stringData: {q: x-y-z}"),
    },
  ],
  [
    "an inline transformer",
    {
      "kustomization.yaml": `resources: [a.yaml]\ntransformers:\n- |-\n  apiVersion: builtin\n  kind: PatchTransformer\n  metadata: {name: t}\n  target: {kind: Secret}\n  path: p.yaml\n  patch: 'stringData: {p: ${CANARY}}'\n`,
      "a.yaml": secret("stringData: {q: x-y-z}"),
    },
  ],
  [
    "what a patch has put there",
    {
      "kustomization.yaml": "namespace: x\nresources: [one, two]\n",
      ...Object.fromEntries(
        ["one", "two"].flatMap((name) => [
          [`${name}/kustomization.yaml`, `namespace: ${name}\nresources: [a.yaml]\npatches: [{path: p.yaml, target: {name: a}}]\n`],
          [`${name}/p.yaml`, `- {op: add, path: /stringData/p, value: ${CANARY}}\n`],
          [`${name}/a.yaml`, secret("stringData: {q: x-y-z}")],
        ]),
      ),
    },
  ],
  [
    "a replacement out of a value",
    {
      "kustomization.yaml":
        "resources: [a.yaml]\nreplacements: [{source: {kind: Secret, fieldPath: stringData.p.q}, targets: [{select: {kind: Secret}, fieldPaths: [data.x]}]}]\n",
      "a.yaml": secret(`stringData: {p: ${CANARY}}`),
    },
  ],
  [
    "a part of a value in another kind",
    {
      "kustomization.yaml": "namespace: x\nresources: [one, two]\n",
      ...Object.fromEntries(
        ["one", "two"].flatMap((name) => [
          [
            `${name}/kustomization.yaml`,
            `namespace: ${name}\nresources: [a.yaml]\nreplacements: [{source: {kind: Secret, fieldPath: stringData.p, options: {delimiter: ':', index: 1}}, targets: [{select: {kind: ConfigMap}, fieldPaths: [data.x]}]}]\n`,
          ],
          [
            `${name}/a.yaml`,
            `${secret(`stringData: {p: "ada:${CANARY}"}`, `s${name}`)}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {x: y}\n`,
          ],
        ]),
      ),
    },
  ],
  ["an alias", { "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": secret(`stringData: {p: *${CANARY}}`) }],
];

const said = (files: Files, spec: BuildSpec = {}): string => {
  const built = buildManifests({ files: filesOfTree(treeOf(files)), kustomization: spec, variables: undefined }, createKustomizer());
  return built.kind === "failed" ? JSON.stringify([built.message, built.at]) : built.kind;
};

describe("a build that fails over a Secret does not show it", () => {
  it.each(BUILDS)("%s", (...[, files, spec]) => {
    const text = said(files, spec);
    expect(text).toMatch(/^\[/);
    expect(text).not.toMatch(LEAK);
    expect(text).toContain("***");
  });
});

describe("a value is hidden however it is written", () => {
  const VALUE = `say "canary-7f3e" <it's>\\ ${"and more ".repeat(20)}\nä 7f3e`;
  const tree = treeOf({ "a.yaml": secret(`stringData: {p: ${JSON.stringify(VALUE)}, short: abc, number: 1_000, file: "C:\\\\new"}`) });
  const base64 = Buffer.from(VALUE).toString("base64");
  it.each([
    ["raw", VALUE],
    ["a line", VALUE.split("\n")[0] ?? ""],
    ["trimmed", `${VALUE} `],
    ["JSON", JSON.stringify(VALUE).slice(1, -1)],
    ["JSON of Go", JSON.stringify(VALUE).slice(1, -1).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e")],
    ["JSON in JSON", JSON.stringify(JSON.stringify(VALUE)).slice(3, -3)],
    ["in single quotes", VALUE.replaceAll("'", "''").replaceAll("\n", "\n\n  ")],
    ["folded", VALUE.replaceAll("and more ", "and\n    more ")],
    ["base64", base64],
    ["base64 in lines", base64.replace(/.{76}/g, "$&\n  ")],
    ["base64 in lines in JSON", base64.replace(/.{70}/g, "$&\\n")],
    ["a short one", "abc"],
    ["a number", "1_000"],
    ["a number that was read", "1000"],
    ["backslashes", "C:\\new"],
  ])("%s", (_, written) => {
    const text = hideSecrets(`before: [${written}] after`, tree);
    expect(text).toMatch(/^before: \[(?:"?\*\*\* ?\\?"?)+\] after$/);
  });
  it.each([
    "a b c",
    "ab c",
    'a"bc',
    "kustomization.yaml:3 (patches[0].patch)",
    "Secret.v1.[noGrp]/a.[noNs]",
  ])("leaves alone what only resembles one: %s", (text) => expect(hideSecrets(text, tree)).toBe(text));
});

describe("a long message", () => {
  const many = 10_000;
  const value = (index: number): string => `canary-${index}-${"x".repeat(80)}`;
  const tree = treeOf({ "a.yaml": Array.from({ length: many }, (_, index) => secret(`stringData: {p: ${value(index)}}`, `s${index}`)).join("---\n") });
  it.each([1_000_000, 5_000_000])("of %d characters is masked and then cut", (length) => {
    let message = "begin ";
    for (let index = 0; message.length < length; index++) message += `{"p":"${value(index % many)}"}`;
    const text = hideSecrets(`${message} end`, tree);
    expect(text.length).toBeLessThanOrEqual(32_768);
    expect(text).toMatch(/^begin [^…]* … [^…]* end$/);
    expect(text).not.toMatch(/canary|xx/);
  });
  it.each([
    [32_768, 32_768],
    [32_769, 32_768],
  ])("of %d characters has %d", (length, want) => {
    const text = hideSecrets("y".repeat(length), treeOf({}));
    expect(text).toHaveLength(want);
    expect(text.includes(" … ")).toBe(want < length);
  });
});

it("a patch for nobody is shown where there are no Secrets", () =>
  expect(said({ "kustomization.yaml": "patches: [{patch: just words}]\n" })).toContain('[patch: \\"just words\\"]'));
