import { BUILD_ROOT } from "../domain/build-root.ts";
import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import type { Manifest } from "../domain/manifest.ts";
import type { Place } from "../domain/place.ts";
import { ok, type Result } from "../domain/result.ts";
import type { Tree } from "../domain/tree.ts";
import { rootedPath } from "./folders.ts";
import { hideSecrets } from "./hide-secrets.ts";
import { FLUX, type Kustomizer } from "./kustomize/build.ts";
import { type BuildProblem, buildProblem } from "./kustomize/build-problem.ts";
import type { TreeFiles } from "./kustomize/files-of-tree.ts";
import { isSaidIn, locate } from "./kustomize/locate.ts";
import type { Resource } from "./kustomize/resource/resource.ts";
import { withFile } from "./kustomize/with-file.ts";
import { jsonMapOf } from "./node/node.ts";
import { makeOverlay, type OverlaySpec, patchOf } from "./overlay.ts";
import { collectManifests, resourceName, textOr } from "./parse.ts";
import { isLeftAlone, substituteText } from "./substitute/substitute.ts";
import { variableLine } from "./substitute/variable-line.ts";
import type { Variables } from "./variables.ts";
import { limited } from "./work.ts";
import { writeYaml } from "./yaml/write.ts";

/** The part of a Kustomization's spec that decides what is built. */
export type BuildSpec = OverlaySpec & {
  readonly path?: string | undefined;
  readonly postBuild?: { readonly substituteStrategy?: string | undefined } | undefined;
};

export type BuildInput = {
  readonly files: TreeFiles;
  readonly kustomization: BuildSpec;
  /** From `mergeVariables`, where it may have failed: that is said by the first object that would have been substituted. */
  readonly variables: Result<Variables> | undefined;
  /** False lets variables that are not defined become empty, as `flux build` does. */
  readonly strict?: boolean;
};

export type Built =
  /** `yaml` is the text whose SHA-256 is the digest of the history. `read` are the files whose bytes count, `missed` the paths at which there was nothing. */
  | {
      readonly kind: "built";
      readonly manifests: readonly Manifest[];
      readonly yaml: string;
      readonly read: readonly string[];
      readonly missed: readonly string[];
    }
  /** ArtifactFailed, with Flux's words. */
  | { readonly kind: "path-missing"; readonly message: string }
  /** BuildFailed, with Flux's words; `at` says more than they do. */
  | { readonly kind: "failed"; readonly message: string; readonly at?: Place | undefined };

/** Of everything that substitution makes: as much as a build may print. */
const MAX_LENGTH = 64 * 1024 * 1024;

type Printed = { readonly text: string; readonly object: JsonObject; readonly from: Resource["from"] };

/** The manifests of a Kustomization: overlay, kustomize, substitution. Source: reference 2.3 (steps 11 to 16), 2.5. */
export const buildManifests = (input: BuildInput, kustomizer: Kustomizer): Built =>
  withoutSecrets(
    limited(
      kustomizer.maxSteps,
      () => build(input, kustomizer),
      (message) => failed(`kustomize build failed: ${message}`),
    ),
    input,
  );

/** What is said, and where, whichever step has failed. */
function withoutSecrets(built: Built, { files, kustomization }: BuildInput): Built {
  if (built.kind !== "failed") return built;
  const patches = (kustomization.patches ?? []).map(patchOf);
  const hide = (text: string): string => hideSecrets(text, files.tree, { patches });
  const { message, at } = built;
  return { ...built, message: hide(message), ...(at?.field !== undefined && { at: { ...at, field: hide(at.field) } }) };
}

function build(input: BuildInput, kustomizer: Kustomizer): Built {
  const { files, kustomization: spec } = input;
  const path = rootedPath(spec.path ?? "");
  const shown = path === "" ? BUILD_ROOT : `${BUILD_ROOT}/${path}`;
  const place = files.at(path);
  if (place === "nothing")
    return {
      kind: "path-missing",
      message: `kustomization path not found: stat ${shown}: ${belowFile(files.tree, path) ? "not a directory" : "no such file or directory"}`,
    };
  if (place === "file") return failed(`open ${shown}/kustomization.yaml: not a directory remove ${shown}/kustomization.yaml: not a directory`);

  const overlay = makeOverlay(files, path, spec, kustomizer.readResources);
  if (!overlay.ok) return failed(overlay.problem.message, overlay.problem.at && locate(overlay.problem.at, files));
  const { file, kustomization } = overlay.value;
  const overlaid = withFile(files, file, new TextEncoder().encode(writeYaml(kustomization)));
  const built = kustomizer.build({ files: overlaid, path, restriction: "within-tree", manner: FLUX, asWritten: files });
  if (!built.ok) return failed(`kustomize build failed: ${built.problem.message}`, built.problem.at);

  const resources = printAll(built.value.resources);
  if (!resources.ok) return failed(resources.problem.message, placeOf(resources.problem, files));
  const substituted = substituteAll(resources.value, input);
  if (!substituted.ok) return failed(substituted.problem.message, placeOf(substituted.problem, files));
  const manifests = collectManifests(substituted.value.map(({ object }) => object));
  if (!manifests.ok) return failed(manifests.problem);
  const { read, missed } = built.value;
  return { kind: "built", manifests: manifests.value, yaml: substituted.value.map(({ text }) => text).join("---\n"), read, missed };
}

const placeOf = ({ at }: BuildProblem, files: TreeFiles): Place | undefined => (at && isSaidIn(files, at) ? locate(at, files) : undefined);
const failed = (message: string, at?: Place): Built => ({ kind: "failed", message, at });

/** True when a part of the way to `path` is a file. */
const belowFile = (tree: Tree, path: string): boolean => path.split("/").some((_, index, parts) => tree.has(parts.slice(0, index).join("/")));

function printAll(resources: readonly Resource[]): Result<readonly Printed[], BuildProblem> {
  const printed: Printed[] = [];
  for (const { node, from } of resources) {
    const object = jsonMapOf(node);
    const name = isObject(object.metadata) ? textOr(object.metadata.name) : "";
    if (name === "" || textOr(object.kind) === "" || textOr(object.apiVersion) === "") {
      return buildProblem(`failed to decode Kubernetes apiVersion, kind and name from: ${shownObject(object)}`, from);
    }
    printed.push({ text: writeYaml(node), object, from });
  }
  return ok(printed);
}

function substituteAll(
  resources: readonly Printed[],
  { files, kustomization, variables, strict = true }: BuildInput,
): Result<readonly Printed[], BuildProblem> {
  if (kustomization.postBuild === undefined) return ok(resources);
  const always = kustomization.postBuild.substituteStrategy === "Always";
  const out: Printed[] = [];
  const taken = new Set(resources.map(({ object }) => idOf(object)));
  let length = 0;
  for (const resource of resources) {
    if (isLeftAlone(resource.object)) {
      out.push(resource);
      continue;
    }
    const where = `post build failed for '${resourceName(resource.object)}'`;
    if (variables !== undefined && !variables.ok) return buildProblem(`${where}: ${variables.problem}`);
    const values: Variables = variables?.value ?? new Map();
    if (values.size === 0 && !always) {
      out.push(resource);
      continue;
    }
    const made = substituteText(resource.text, { variables: values, strict });
    if (!made.ok) return buildProblem(`${where}: ${made.problem}`, resource.from && withVariable(resource.from, made.problem, files));
    taken.delete(idOf(resource.object));
    if (taken.has(idOf(made.value))) return buildProblem("in Replace: id matched 2 resources", resource.from);
    taken.add(idOf(made.value));
    const text = writeYaml(made.value);
    length += text.length;
    if (length > MAX_LENGTH) return buildProblem(`${where}: all objects together become longer than ${MAX_LENGTH} characters`, resource.from);
    out.push({ text, object: made.value, from: resource.from });
  }
  return ok(out);
}

const NOT_SET = /variable not set \(strict mode\): "([A-Za-z0-9_]+)"$/;

/** The line that names the variable which is not set. */
function withVariable(from: Place, problem: string, files: TreeFiles): Place {
  const [, name] = NOT_SET.exec(problem) ?? [];
  const bytes = name === undefined || from.line === undefined ? undefined : files.read(from.file);
  const line = bytes === undefined ? undefined : variableLine(new TextDecoder().decode(bytes), from.line ?? 1, name ?? "");
  return line === undefined ? from : { file: from.file, line };
}

/** What no two objects of a build may share; no namespace is the namespace `default`, as for kustomize. */
function idOf({ apiVersion, kind, metadata }: JsonObject): string {
  const { name, namespace } = isObject(metadata) ? metadata : {};
  return JSON.stringify([textOr(apiVersion), textOr(kind), textOr(namespace) || "default", textOr(name)]);
}

const HIDDEN = "***";

/** The object as JSON with sorted keys; of a Secret without its values, which no message may show. */
function shownObject(object: JsonObject): string {
  const hidden =
    object.kind === "Secret"
      ? Object.fromEntries(Object.entries(object).map(([key, value]) => [key, /^(?:string)?data$/i.test(key) ? HIDDEN : value]))
      : object;
  return JSON.stringify(sorted(hidden));
}

function sorted(value: Json): Json {
  if (isArray(value)) return value.map(sorted);
  return isObject(value)
    ? Object.fromEntries(
        Object.keys(value)
          .toSorted()
          .map((key) => [key, sorted(value[key] ?? null)]),
      )
    : value;
}
