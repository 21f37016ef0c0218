import type { JsonObject } from "../../../domain/json.ts";
import { ok, type Result } from "../../../domain/result.ts";
import type { Node } from "../../node/node.ts";
import { lineOf } from "../../yaml/line-of.ts";
import { readFirstYaml } from "../../yaml/read.ts";
import type { BuildProblem } from "../build-problem.ts";
import { type DecodeProblem, decode } from "../decode/decode.ts";
import { encodeStruct } from "../decode/encode.ts";
import type { Decoded } from "../decode/shape.ts";
import { showPath } from "../decode/show-path.ts";
import { unmarshal } from "../decode/unmarshal.ts";
import { fixKustomization, isEmptyKustomization } from "./fix-kustomization.ts";
import type { Kustomization } from "./kustomization.ts";
import { kustomizationShape } from "./kustomization-shape.ts";
import { deprecationWarnings } from "./warnings.ts";

/** `warnings` belong on standard error before anything else is said. */
export type ReadKustomization = { readonly kustomization: Kustomization; readonly warnings: readonly string[] };

/** The file in `at` is left "": the caller knows its name. `path` leads to the value in the document. */
export type KustomizationProblem = BuildProblem & { readonly warnings: readonly string[]; readonly path: readonly (string | number)[] };

const COMPONENT = { kind: "Component", apiVersion: "kustomize.config.k8s.io/v1alpha1" };
const KUSTOMIZATION = { kind: "Kustomization", apiVersion: "kustomize.config.k8s.io/v1beta1" };

/**
 * What a kustomization file says, its legacy fields moved to where they belong. `shownFolder` is its folder as messages show it.
 * Source: kustomize api/types/kustomization.go, api/internal/target/kusttarget.go Load.
 */
export function readKustomization(source: string | Uint8Array, shownFolder: string): Result<ReadKustomization, KustomizationProblem> {
  const read = readFirstYaml(source, "last wins");
  if (!read.ok) return failed({ message: `invalid Kustomization: ${read.problem}`, path: [] });
  const decoded = decodeKustomization(read.value, shownFolder);
  return decoded.ok ? decoded : { ok: false, problem: withLine(decoded.problem, source) };
}

function withLine(problem: KustomizationProblem, source: string | Uint8Array): KustomizationProblem {
  const line = problem.path.length === 0 ? undefined : lineOf(source, 0, problem.path);
  return line === undefined ? problem : { ...problem, at: { file: "", ...problem.at, line } };
}

/** A kustomization file as Flux reads the entry of a build: unknown fields are dropped, numbers and booleans may stand for texts; null is an empty file. */
export function readLoosely(text: string): Result<JsonObject, DecodeProblem> {
  const read = unmarshal(text, kustomizationShape, "ignore");
  return read.ok ? ok(encodeStruct(kustomizationShape, read.value)) : read;
}

function decodeKustomization(document: Node, shownFolder: string): Result<ReadKustomization, KustomizationProblem> {
  const decoded = decode(kustomizationShape, document, "refuse");
  if (!decoded.ok) return failed({ ...decoded.problem, message: `invalid Kustomization: ${decoded.problem.message}` });
  const given = decoded.value;
  const warnings = deprecationWarnings(given);
  if (isEmptyKustomization(given)) return failed({ message: "kustomization.yaml is empty", path: [] }, warnings);
  const wrong = wrongType(given);
  if (wrong.length > 0) {
    const path = wrong[0]?.startsWith("kind") === true ? ["kind"] : ["apiVersion"];
    return failed({ message: `Failed to read kustomization file under ${shownFolder}:\n${wrong.join("\n")}`, path }, warnings);
  }
  return ok({ kustomization: fixKustomization({ ...given, ...typeOf(given) }), warnings });
}

/** Kind and version, where not given those that belong together. */
function typeOf({ kind, apiVersion }: Decoded<typeof kustomizationShape>): { readonly kind: string; readonly apiVersion: string } {
  const standard = kind === COMPONENT.kind ? COMPONENT : KUSTOMIZATION;
  return { kind: kind || standard.kind, apiVersion: apiVersion || standard.apiVersion };
}

function wrongType(given: Decoded<typeof kustomizationShape>): readonly string[] {
  const { kind, apiVersion } = typeOf(given);
  const standard = kind === COMPONENT.kind ? COMPONENT : KUSTOMIZATION;
  return [
    ...(kind === standard.kind ? [] : [`kind should be ${KUSTOMIZATION.kind} or ${COMPONENT.kind}`]),
    ...(apiVersion === standard.apiVersion ? [] : [`apiVersion for ${kind} should be ${standard.apiVersion}`]),
  ];
}

function failed({ message, path }: DecodeProblem, warnings: readonly string[] = []): { readonly ok: false; readonly problem: KustomizationProblem } {
  const line = /\bline ([0-9]+)/.exec(message)?.[1];
  const at = {
    file: "",
    ...(path.length > 0 && { field: showPath(path) }),
    ...(path.length === 0 && line !== undefined && { line: Number(line) }),
  };
  return { ok: false, problem: { message, at, warnings, path } };
}
