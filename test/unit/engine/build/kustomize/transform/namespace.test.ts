import { describe, expect, it } from "vitest";
import { defaultConfig } from "../../../../../../layers/engine/build/kustomize/config/default-config.ts";
import { createNamespaceTransformer, type NamespaceConfig } from "../../../../../../layers/engine/build/kustomize/transform/namespace.ts";
import { subjectModeProblem } from "../../../../../../layers/engine/build/kustomize/transform/set-namespace.ts";
import { fieldAfter, objects, schema, transformed } from "./objects.ts";

const create = (config: Partial<NamespaceConfig> = {}): ReturnType<typeof createNamespaceTransformer> =>
  createNamespaceTransformer({ namespace: "x", fieldSpecs: defaultConfig().namespace, ...config });

describe("the namespace of an object", () => {
  it.each<[string, string, Partial<NamespaceConfig>, string]>([
    ["is set", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}", {}, '{"name":"a","namespace":"x"}'],
    ["is replaced", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}", {}, '{"name":"a","namespace":"x"}'],
    ["is a text", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}", { namespace: "5" }, '{"name":"a","namespace":"5"}'],
    ["of an unknown kind is set", "apiVersion: x.y/v1\nkind: Foo\nmetadata: {name: a}", {}, '{"name":"a","namespace":"x"}'],
    ["of what has none by its kind is not set", "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}", {}, '{"name":"a"}'],
    ["is the name of a Namespace", "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}", {}, '{"name":"x"}'],
    ["of a Namespace of another group is one", "apiVersion: x.y/v1\nkind: Namespace\nmetadata: {name: a}", {}, '{"name":"a","namespace":"x"}'],
    [
      "stays if only absent ones are set",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}",
      { unsetOnly: true },
      '{"name":"a","namespace":"b"}',
    ],
    ["is set where it is absent", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}", { unsetOnly: true }, '{"name":"a","namespace":"x"}'],
    [
      "stays when Helm made the object",
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {internal.config.kubernetes.io/helm-generated: "true"}}',
      {},
      '{"annotations":{"internal.config.kubernetes.io/helm-generated":"true"},"name":"a"}',
    ],
    ["stays when there is none to set", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}", { namespace: "" }, '{"name":"a"}'],
    [
      "is no map",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: {b: c}}",
      {},
      "considering field 'metadata/namespace' of object ConfigMap.v1.[noGrp]/a.[noNs]: wrong node kind: expected ScalarNode but got MappingNode: node contents:\nb: c\n",
    ],
  ])("%s", (_, text, config, want) => expect(fieldAfter(create(config), text, "metadata")).toBe(want));

  it("leaves its old name behind", () => {
    const moved = create()(objects("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}"), schema);
    expect(moved.ok && moved.value[0]?.previous).toEqual([{ namespace: "b", name: "a", kind: "ConfigMap" }]);
  });
});

describe("subjects of role bindings", () => {
  const binding = (subjects: string): string =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: a}\nsubjects: ${subjects}`;
  const ACCOUNTS = "[{kind: ServiceAccount, name: default, namespace: q}, {kind: ServiceAccount, name: foo}, {kind: User, name: default}, null]";
  const within = "setting namespace on (cluster)role binding subjects: ";
  it.each<[string, string, string]>([
    [
      ACCOUNTS,
      "",
      '[{"kind":"ServiceAccount","name":"default","namespace":"x"},{"kind":"ServiceAccount","name":"foo"},{"kind":"User","name":"default","namespace":"x"},null]',
    ],
    [
      ACCOUNTS,
      "defaultOnly",
      '[{"kind":"ServiceAccount","name":"default","namespace":"x"},{"kind":"ServiceAccount","name":"foo"},{"kind":"User","name":"default","namespace":"x"},null]',
    ],
    [
      ACCOUNTS,
      "allServiceAccounts",
      '[{"kind":"ServiceAccount","name":"default","namespace":"x"},{"kind":"ServiceAccount","name":"foo","namespace":"x"},{"kind":"User","name":"default"},null]',
    ],
    [
      ACCOUNTS,
      "none",
      '[{"kind":"ServiceAccount","name":"default","namespace":"q"},{"kind":"ServiceAccount","name":"foo"},{"kind":"User","name":"default"},null]',
    ],
    ["null", "", "null"],
    ["{}", "", `${within}wrong node kind: expected SequenceNode but got MappingNode: node contents:\n{}\n`],
    ["[a]", "", `${within}looking up name on (cluster)role binding subject: wrong node kind: expected MappingNode but got ScalarNode: node contents:\na\n`],
    [
      "[{name: [a]}]",
      "",
      `${within}looking up name on (cluster)role binding subject: wrong node kind: expected ScalarNode but got SequenceNode: node contents:\n- a\n`,
    ],
  ])("%s %s", (subjects, mode, want) => expect(fieldAfter(create({ setRoleBindingSubjects: mode }), binding(subjects), "subjects")).toBe(want));

  it.each([
    ["", undefined],
    ["none", undefined],
    ["all", 'invalid value "all" for setRoleBindingSubjects: must be one of "defaultOnly", "none" or "allServiceAccounts"'],
  ])("mode %j", (mode, want) => expect(subjectModeProblem(mode)).toBe(want));
});

describe("fields that name a namespace", () => {
  const service = (value: string): string => `apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: {name: a}\nspec: ${value}`;
  const shown = "considering field 'spec/service/namespace' of object APIService.v1.apiregistration.k8s.io/a.[noNs]: ";
  it.each<[string, string]>([
    ["{service: {name: s}}", '{"service":{"name":"s","namespace":"x"}}'],
    ["{}", '{"service":{"namespace":"x"}}'],
    ["{service: s}", `namespace transformation failed: ${shown}expected sequence or mapping node`],
    [
      "{service: {namespace: [a]}}",
      `namespace field specs must target scalar nodes: ${shown}wrong node kind: expected ScalarNode but got SequenceNode: node contents:\n- a\n`,
    ],
  ])("%s", (value, want) => expect(fieldAfter(create(), service(value), "spec")).toBe(want));

  it("have no say over the namespace itself", () => {
    const fieldSpecs = [{ group: "", version: "", kind: "", path: "metadata/namespace", create: true }];
    expect(fieldAfter(create({ fieldSpecs }), "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}", "metadata")).toBe('{"name":"a"}');
  });
});

describe("conflicts", () => {
  const config = (namespace: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: ${namespace}}\n`;
  const history = (namespace: string): string =>
    `"annotations":{"internal.config.kubernetes.io/previousKinds":"ConfigMap","internal.config.kubernetes.io/previousNames":"a","internal.config.kubernetes.io/previousNamespaces":"${namespace}"},`;
  const shown = (annotations: string): string => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{${annotations}"name":"a","namespace":"x"}}`;

  it("between two that are moved", () =>
    expect(transformed(create(), `${config("u")}---\n${config("v")}`)).toBe(
      `namespace transformation produces ID conflict: [${shown(history("u"))} ${shown(history("v"))}]`,
    ));

  it("with one that is there and not yet looked at", () =>
    expect(transformed(create(), `${config("u")}---\n${config("x")}`)).toBe(
      `namespace transformation produces ID conflict: [${shown(history("u"))} ${shown("")}]`,
    ));

  it("between Namespaces", () => {
    const namespace = (name: string): string => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n`;
    expect(transformed(create(), `${namespace("a")}---\n${namespace("b")}`)).toContain("namespace transformation produces ID conflict: [");
  });

  it("none for 15,000 objects, found in one go", () => {
    const many = Array.from({ length: 15_000 }, (_, at) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a${at}}\n`).join("---\n");
    const moved = create()(objects(many), schema);
    expect(moved.ok && moved.value).toHaveLength(15_000);
  });
});
