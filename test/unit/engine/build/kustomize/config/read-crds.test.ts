import { describe, expect, it } from "vitest";
import { readCrds } from "../../../../../../layers/engine/build/kustomize/config/read-crds.ts";
import { loaderOf } from "./files.ts";

const TYPE = "kind: {}, apiVersion: {}, metadata: {}";

/** What a definition file adds, one line each, or the problem. */
function added(text: string): readonly string[] | string {
  const read = readCrds(["a.yaml"], loaderOf({ "a.yaml": text }));
  if (!read.ok) return read.problem.message;
  const { commonAnnotations, commonLabels, namePrefix, nameReference } = read.value;
  return [
    ...commonAnnotations.map(({ kind, path }) => `annotation ${kind} ${path}`),
    ...commonLabels.map(({ kind, path }) => `label ${kind} ${path}`),
    ...namePrefix.map(({ kind, path }) => `name ${kind} ${path}`),
    ...nameReference.flatMap(({ kind, version, fieldSpecs }) => fieldSpecs.map((spec) => `to ${kind}.${version} ${spec.kind} ${spec.path}`)),
  ];
}

describe("definitions", () => {
  it.each<[string, string, readonly string[]]>([
    ["annotations", `a.b/c.Foo: {Schema: {properties: {${TYPE}, x: {x-kubernetes-annotation: ""}}}}`, ["annotation Foo x"]],
    ["labels", `Foo: {Schema: {properties: {${TYPE}, x: {x-kubernetes-label-selector: ""}}}}`, ["label Foo x"]],
    ["names", `Foo: {Schema: {properties: {${TYPE}, x: {x-kubernetes-identity: ""}}}}`, ["name Foo x"]],
    [
      "references",
      `Foo: {Schema: {properties: {${TYPE}, x: {x-kubernetes-object-ref-api-version: v1, x-kubernetes-object-ref-kind: Secret}}}}`,
      ["to Secret.v1 Foo x/name"],
    ],
    [
      "references by another key",
      `Foo: {Schema: {properties: {${TYPE}, x: {x-kubernetes-object-ref-api-version: v1, x-kubernetes-object-ref-kind: Secret, x-kubernetes-object-ref-name-key: nom}}}}`,
      ["to Secret.v1 Foo x/nom"],
    ],
    ["references without a kind", `Foo: {Schema: {properties: {${TYPE}, x: {x-kubernetes-object-ref-api-version: v1}}}}`, []],
    ["marks that are no text", `Foo: {Schema: {properties: {${TYPE}, x: {x-kubernetes-annotation: true}}}}`, []],
    ["types that are no objects", 'Foo: {Schema: {properties: {x: {x-kubernetes-annotation: ""}}}}', []],
    [
      "other types on the way",
      `Foo: {Schema: {properties: {${TYPE}, spec: {$ref: Bar}}}}\nBar: {Schema: {properties: {x: {x-kubernetes-annotation: ""}, y: {$ref: Baz}}}}`,
      ["annotation Foo spec/x"],
    ],
    ["JSON", `{"Foo":{"schema":{"properties":{"kind":{},"apiVersion":{},"metadata":{},"x":{"x-kubernetes-identity":""}}}}}`, ["name Foo x"]],
    ["nothing", "{}", []],
  ])("%s", (_, text, want) => expect(added(text)).toEqual(want));

  const YAML = "unable to parse open API definition from 'a.yaml': error unmarshaling JSON: while decoding JSON: json: cannot unmarshal";
  const STRUCT = 'Go struct { Extensions spec.Extensions "json:\\",inline\\""; spec.SchemaProps; spec.SwaggerSchemaProps }';
  it.each<[string, string]>([
    ["a: b", `${YAML} string into Go value of type accumulator.OpenAPIDefinition`],
    ["[a]", `${YAML} array into Go value of type accumulator.nameToApiMap`],
    ["{a: b}", "unable to parse open API definition from 'a.yaml': invalid character 'a' looking for beginning of object key string"],
    ["{} x", "unable to parse open API definition from 'a.yaml': invalid character 'x' after top-level value"],
    ["a: {Schema: {properties: {kind: 5}}}", `${YAML} JSON number into ${STRUCT} within "/properties/kind"`],
    ["a: {Schema: [a]}", `${YAML} JSON array into ${STRUCT}`],
    ["a: {Schema: {properties: [a]}}", `${YAML} JSON array into Go map[string]spec.Schema within "/properties"`],
    ["a: {Schema: {properties: {kind: {description: 5}}}}", `${YAML} JSON number into Go string within "/properties/kind/description"`],
    [
      "a: {Schema: {properties: {a/b~c: {type: {}}}}}",
      `${YAML} into Go spec.StringOrArray within "/properties/a~1b~0c/type": expected string or array, not '{'`,
    ],
    ["a: {Schema: {properties: {k: {type: [1]}}}}", `${YAML} JSON number into Go string within "/properties/k/type/0"`],
    ["a: {Dependencies: 5}", `${YAML} number into Go struct field OpenAPIDefinition.Dependencies of type []string`],
    ["", "unable to parse open API definition from 'a.yaml': the file is empty"],
    [`Foo: {Schema: {properties: {${TYPE}, spec: {$ref: Foo}}}}`, "the definition of Foo refers to itself"],
  ])("%j: %s", (text, want) => expect(added(text)).toBe(want));

  it("that refer to each other in too many ways are refused", () => {
    const types = Array.from({ length: 40 }, (_, at) => `T${at}: {Schema: {properties: {a: {$ref: T${at + 1}}, b: {$ref: T${at + 1}}}}}`);
    expect(added(`Foo: {Schema: {properties: {${TYPE}, spec: {$ref: T0}}}}\n${types.join("\n")}`)).toBe("more than 100000 properties");
  });

  it("in too long a row are refused", () => {
    const types = Array.from({ length: 5000 }, (_, at) => `T${at}: {Schema: {properties: {a: {$ref: T${at + 1}}}}}`);
    expect(added(`Foo: {Schema: {properties: {${TYPE}, spec: {$ref: T0}}}}\n${types.join("\n")}`)).toBe("definitions nested deeper than 100");
  });
});
