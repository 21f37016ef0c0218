import { ok, type Result } from "../../../domain/result.ts";
import { isList, isMap, type Node } from "../../node/node.ts";
import { readFirstYaml } from "../../yaml/read.ts";
import { type BuildProblem, buildProblem, failedBelow, type Path, problemBelow } from "../build-problem.ts";
import { isNil } from "../decode/decode.ts";
import { list, type Shape } from "../decode/shape.ts";
import { unmarshalNode } from "../decode/unmarshal.ts";
import type { Replacement, ReplacementField } from "../kustomization/kustomization.ts";
import { replacement } from "../kustomization/kustomization-shape.ts";
import type { Loader } from "../load/loader.ts";

/** `hasTargets` is false where none are given at all. `at` leads to it, in its file or in the configuration that lists it. */
export type GivenReplacement = Replacement & { readonly hasTargets: boolean; readonly at: { readonly file: string | undefined; readonly path: Path } };
type Read = Result<readonly GivenReplacement[], BuildProblem>;

/** All replacements of a kustomization with those of the files that it names, in order. Source: kustomize api/internal/builtins/ReplacementTransformer.go, Config. */
export function readReplacements(fields: readonly ReplacementField[], loader: Loader): Read {
  const given: GivenReplacement[] = [];
  for (const [index, field] of fields.entries()) {
    const path = ["replacements", index];
    if (field.path === "") {
      // An empty list is lost where the kustomization is passed on as JSON.
      given.push({ ...field, hasTargets: field.targets.length > 0, at: { file: undefined, path } });
      continue;
    }
    if (field.source !== undefined || field.targets.length > 0) return problemBelow(path, "cannot specify both path and inline replacement");
    const read = readFile(field.path, loader);
    if (!read.ok) return failedBelow([...path, "path"], read.problem);
    given.push(...read.value);
  }
  return ok(given);
}

function readFile(path: string, loader: Loader): Read {
  const loaded = loader.load(path);
  if (!loaded.ok) return loaded;
  const place = { file: loaded.value.path };
  const document = readFirstYaml(new TextDecoder().decode(loaded.value.bytes), "last wins");
  if (!document.ok) return buildProblem(`error converting YAML to JSON: ${document.problem}`, place);
  const node = document.value;
  if (isList(node)) return decoded(node, list(replacement), place.file, (replacements) => replacements);
  if (isMap(node)) return decoded(node, replacement, place.file, (one) => [one]);
  return buildProblem(`unsupported replacement type encountered within replacement path: ${goKind(node)}`, place);
}

function decoded<Value>(node: Node, shape: Shape<Value>, file: string, listed: (value: Value) => readonly Replacement[]): Read {
  const value = unmarshalNode(node, shape, "ignore");
  if (!value.ok) return buildProblem(value.problem.message, { file, path: value.problem.path });
  return ok(listed(value.value).map((one, index) => ({ ...one, hasTargets: !isNil(one.targets), at: { file, path: isList(node) ? [index] : [] } })));
}

/** Go's reflect.Kind of what JSON holds. */
const goKind = (node: Node): string => (node === null ? "invalid" : typeof node === "string" ? "string" : typeof node === "boolean" ? "bool" : "float64");
