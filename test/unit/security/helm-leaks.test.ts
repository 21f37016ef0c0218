import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ChartFiles, type ReleaseBench, type ReleaseScenario, startReleaseBench } from "../../support/helm-release/release-bench.ts";

let bench: ReleaseBench;
beforeAll(async () => {
  bench = await startReleaseBench();
});
afterAll(() => bench.stop());

const CANARY = 'canary-"<7f3e';
const CODED = Buffer.from(CANARY).toString("base64");
/** However it is written: as it is, within quotes, encoded. */
const SHOWN = /canary-|7f3e|Y2FuYXJ5/;

const config = (data: string): string => `apiVersion: v1
kind: ConfigMap
metadata: {name: Not_A_Name}
data: {a: ${data}}
`;
const FROM_LOOKUP = '(index (lookup "v1" "Secret" .Release.Namespace "there") "data").p | b64dec';
/** Refused by the server in words that quote what stands where a boolean or an object must. */
const quoting = (value: string): string => `apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {hostNetwork: ${value}, containers: [{name: a, image: a}]}
`;

/** A HelmRelease whose Secrets have canaries, of a chart that does its worst to show them. */
async function scenarioOf(files: ChartFiles): Promise<ReleaseScenario> {
  const scenario = await bench.scenario();
  const { namespace } = scenario;
  const secret = (name: string, stringData: { readonly [key: string]: string }) =>
    scenario.apply({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, stringData });
  await secret("there", { p: CANARY });
  await secret("given", { "values.yaml": `password: ${JSON.stringify(CANARY)}\n` });
  await scenario.chart("1.0.0", files);
  await scenario.spec({ valuesFrom: [{ kind: "Secret", name: "given" }], timeout: "1s" });
  return scenario;
}

/** Everything that is told of a release: events, conditions, the whole object. */
async function told(scenario: ReleaseScenario, passes = 1): Promise<string> {
  const said: unknown[] = [];
  for (let count = 0; count < passes; count++) said.push((await scenario.settle()).events);
  // What objects are called is no secret: a chart that calls one so has told it.
  const { inventory: _names, ...status } = (await scenario.parsed()).status;
  said.push(status);
  return JSON.stringify(said);
}

/** CVE-2026-42880 (Argo CD); Helm and Flux show all of these. */
describe("a release that fails shows no value of a Secret", () => {
  it.each<[string, ChartFiles, RegExp]>([
    ["fail says what was given", { "templates/a.yaml": "{{ fail .Values.password }}" }, /InstallFailed/],
    [
      "fail says what was looked up",
      { "templates/a.yaml": `{{ with (lookup "v1" "Secret" .Release.Namespace "there").data }}{{ fail (.p | b64dec) }}{{ end }}` },
      /InstallFailed/,
    ],
    [
      "fail says all Secrets there are",
      { "templates/a.yaml": `{{ with (lookup "v1" "Secret" .Release.Namespace "").items }}{{ fail (toJson .) }}{{ end }}` },
      /InstallFailed/,
    ],
    ["required says it", { "templates/a.yaml": "{{ required .Values.password nil }}" }, /InstallFailed/],
    ["a template that is none, as tpl quotes it", { "templates/a.yaml": '{{ tpl (printf "%s {{ end }}" .Values.password) . }}' }, /InstallFailed/],
    ["encoded", { "templates/a.yaml": "{{ fail (b64enc .Values.password) }}" }, /InstallFailed/],
    ["a function that cannot read it", { "templates/a.yaml": "{{ mustToDate .Values.password .Values.password }}" }, /InstallFailed/],
    ["YAML that is none", { "templates/a.yaml": "a: {{ .Values.password }}: {{ .Values.password }}\n- {" }, /InstallFailed/],
    [
      "a schema that wants something else",
      { "values.schema.json": '{"properties":{"password":{"enum":["x"],"pattern":"^z","maxLength":1}}}' },
      /InstallFailed/,
    ],
    ["a schema that wants a number", { "values.schema.json": '{"properties":{"password":{"type":"integer","const":3}}}' }, /InstallFailed/],
    ["an object that the server quotes", { "templates/a.yaml": quoting("{{ .Values.password | quote }}") }, /InstallFailed/],
    [
      "what was looked up in an object that the server quotes",
      { "templates/a.yaml": `{{ if lookup "v1" "Secret" .Release.Namespace "there" }}${quoting(`{{ ${FROM_LOOKUP} | quote }}`)}{{ end }}` },
      /InstallFailed/,
    ],
    [
      "a Secret that the server quotes",
      { "templates/a.yaml": `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {p: {{ .Values.password | quote }}}\n` },
      /InstallFailed/,
    ],
    [
      "a Secret with a list for a text",
      { "templates/a.yaml": `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {p: [{{ .Values.password | quote }}]}\n` },
      /InstallFailed/,
    ],
    ["a name", { "templates/a.yaml": config("x").replace("Not_A_Name", "{{ .Values.password | quote }}") }, /InstallFailed/],
    ["a kind", { "templates/a.yaml": config("x").replace("ConfigMap", "{{ .Values.password | quote }}") }, /InstallFailed/],
    [
      "what only the rendered Secret has, in another object",
      {
        "templates/a.yaml": `{{ $p := printf "%s-%s" "canary" (randAlphaNum 20) }}apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {p: {{ $p }}}\n---\n${quoting("{{ $p }}")}`,
      },
      /InstallFailed/,
    ],
    [
      "a hook",
      {
        "templates/a.yaml": quoting("{{ .Values.password | quote }}").replace("{name: web}", '{name: web, annotations: {"helm.sh/hook": pre-install}}'),
      },
      /InstallFailed/,
    ],
    [
      "a definition",
      {
        "crds/a.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a}\nspec: 3\n",
        "templates/a.yaml": "{{ fail .Values.password }}",
      },
      /InstallFailed/,
    ],
  ])("%s", async (_, files, want) => {
    const text = await told(await scenarioOf(files), 2);
    expect(text).toMatch(want);
    expect(text).not.toMatch(SHOWN);
    expect(text).not.toContain(CODED);
  });
});

describe("a release that goes", () => {
  it("and whose hook is refused shows nothing of it", async () => {
    const hook = quoting("{{ .Values.password | quote }}").replace("{name: web}", '{name: web, annotations: {"helm.sh/hook": pre-delete}}');
    const scenario = await scenarioOf({ "templates/a.yaml": hook });
    await scenario.settle();
    expect(await scenario.line()).toContain("Ready=True");
    await scenario.remove();
    const { outcome, events } = await scenario.pass();
    const text = JSON.stringify([outcome, events, await scenario.object()]);
    expect(text).toContain("UninstallFailed");
    expect(text).not.toMatch(SHOWN);
  });
});
