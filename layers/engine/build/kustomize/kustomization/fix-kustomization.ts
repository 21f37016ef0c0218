import { isNil } from "../decode/decode.ts";
import type { Decoded } from "../decode/shape.ts";
import { helmChartsOf, helmGlobalsOf } from "./helm.ts";
import type { GeneratorArgs, Kustomization } from "./kustomization.ts";
import type { configMapArgs, kustomizationShape, secretArgs } from "./kustomization-shape.ts";

type Given = Decoded<typeof kustomizationShape>;

/** The kustomization with the content of legacy fields in the fields that replaced them. Source: kustomize api/types/kustomization.go, FixKustomization. */
export function fixKustomization(given: Given): Kustomization {
  const { metadata, bases, imageTags, helmChartInflationGenerator, ...fields } = given;
  return {
    ...fields,
    resources: [...fields.resources, ...bases],
    images: [...fields.images, ...imageTags],
    vars: fields.vars.map(({ name, objref, fieldref: { fieldPath } }) => ({ name, objref, fieldPath })),
    configMapGenerator: fields.configMapGenerator.map(generatorArgsOf),
    secretGenerator: fields.secretGenerator.map(generatorArgsOf),
    helmGlobals: helmGlobalsOf(given),
    helmCharts: helmChartsOf(given),
  };
}

/** Of both generators, from their own fields or from a configuration; only secrets have a type. */
function generatorArgsOf({ env, ...args }: Decoded<typeof configMapArgs> | Decoded<typeof secretArgs>): GeneratorArgs {
  return { ...args, envs: env === "" ? args.envs : [...args.envs, env], type: "type" in args ? args.type : "" };
}

/**
 * True when nothing but kind and version is left once the legacy fields are moved. An empty list counts as something, but not in a legacy field.
 * Source: kustomize api/types/kustomization.go, CheckEmpty.
 */
export function isEmptyKustomization(given: Given): boolean {
  const { kind, apiVersion, bases, imageTags, helmChartInflationGenerator, ...fields } = given;
  const moved = [...bases, ...imageTags, ...helmChartInflationGenerator];
  return moved.length === 0 && Object.values(fields).every((value) => value === "" || isNil(value));
}
