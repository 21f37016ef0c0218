import { BUILD_ROOT } from "../domain/build-root.ts";
import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import type { Manifest } from "../domain/manifest.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import type { Tree } from "../domain/tree.ts";
import type { Kustomize } from "../ports/kustomize.ts";
import { createFolders, rootedPath } from "./folders.ts";
import { hideSecrets } from "./hide-secrets.ts";
import { makeOverlay, type OverlaySpec, withOverlay } from "./overlay.ts";
import { collectManifests, resourceName, textOr } from "./parse.ts";
import { reachProblem } from "./reach/reach.ts";
import { isLeftAlone, substituteText } from "./substitute/substitute.ts";
import type { Variables } from "./variables.ts";
import { readYaml } from "./yaml/read.ts";
import { writeYaml } from "./yaml/write.ts";

/** The part of a Kustomization's spec that decides what is built. */
export type BuildSpec = OverlaySpec & {
  readonly path?: string | undefined;
  readonly postBuild?: { readonly substituteStrategy?: string | undefined } | undefined;
};

export type BuildInput = {
  readonly tree: Tree;
  /** Folders of the artifact in which there is no file; a tree cannot show them. */
  readonly emptyFolders?: Iterable<string>;
  readonly kustomization: BuildSpec;
  /** From `mergeVariables`, where it may have failed: that is said by the first object that would have been substituted. */
  readonly variables: Result<Variables> | undefined;
  /** False lets variables that are not defined become empty, as `flux build` does. */
  readonly strict?: boolean;
};

export type Built =
  /** `yaml` is the text whose SHA-256 is the digest of the history. */
  | { readonly kind: "built"; readonly manifests: readonly Manifest[]; readonly yaml: string; readonly read: readonly string[] | undefined }
  /** ArtifactFailed, with Flux's words. */
  | { readonly kind: "path-missing"; readonly message: string }
  /** BuildFailed, with Flux's words. */
  | { readonly kind: "failed"; readonly message: string };

/** Of everything that substitution makes: as much as a build may print. */
const MAX_LENGTH = 64 * 1024 * 1024;

type Resource = { readonly text: string; readonly object: JsonObject };

/** The manifests of a Kustomization: overlay, kustomize, substitution. Source: reference 2.3 (steps 11 to 16), 2.5. */
export async function buildManifests(input: BuildInput, kustomize: Kustomize): Promise<Built> {
  const { tree, kustomization: spec } = input;
  const folders = createFolders(tree, input.emptyFolders);
  const path = rootedPath(spec.path ?? "");
  const shown = path === "" ? BUILD_ROOT : `${BUILD_ROOT}/${path}`;
  const place = folders.at(path);
  if (place === "nothing")
    return {
      kind: "path-missing",
      message: `kustomization path not found: stat ${shown}: ${belowFile(tree, path) ? "not a directory" : "no such file or directory"}`,
    };
  if (place === "file") return failed(`open ${shown}/kustomization.yaml: not a directory remove ${shown}/kustomization.yaml: not a directory`);

  const overlay = await makeOverlay(tree, folders, path, spec, kustomize);
  if (!overlay.ok) return failed(overlay.problem);
  const overlaid = withOverlay(tree, overlay.value);
  const reach = reachProblem(overlaid, folders, path);
  if (reach !== undefined) return failed(`kustomize build failed: ${reach}`);
  const built = await kustomize.build(overlaid, path);
  if (!built.ok) return failed(`kustomize build failed: ${hideSecrets(built.problem, overlaid)}`);

  const resources = readResources(built.value.yaml);
  if (!resources.ok) return failed(resources.problem);
  const substituted = substituteAll(resources.value, input);
  if (!substituted.ok) return failed(substituted.problem);
  const manifests = collectManifests(substituted.value.map(({ object }) => object));
  if (!manifests.ok) return failed(manifests.problem);
  return { kind: "built", manifests: manifests.value, yaml: substituted.value.map(({ text }) => text).join("---\n"), read: built.value.read };
}

const failed = (message: string): Built => ({ kind: "failed", message });

/** True when a part of the way to `path` is a file. */
const belowFile = (tree: Tree, path: string): boolean => path.split("/").some((_, index, parts) => tree.has(parts.slice(0, index).join("/")));

function readResources(yaml: string): Result<readonly Resource[]> {
  const resources: Resource[] = [];
  for (const text of yaml.split(/^---\n/m)) {
    const read = readYaml(text);
    if (!read.ok) return problem(read.problem);
    const object: Json = read.value[0] ?? null;
    if (!isObject(object)) continue;
    const name = isObject(object.metadata) ? textOr(object.metadata.name) : "";
    if (name === "" || textOr(object.kind) === "" || textOr(object.apiVersion) === "") {
      return problem(`failed to decode Kubernetes apiVersion, kind and name from: ${shownObject(object)}`);
    }
    resources.push({ text, object });
  }
  return ok(resources);
}

function substituteAll(resources: readonly Resource[], { kustomization, variables, strict = true }: BuildInput): Result<readonly Resource[]> {
  if (kustomization.postBuild === undefined) return ok(resources);
  const always = kustomization.postBuild.substituteStrategy === "Always";
  const out: Resource[] = [];
  const taken = new Set(resources.map(({ object }) => idOf(object)));
  let length = 0;
  for (const resource of resources) {
    if (isLeftAlone(resource.object)) {
      out.push(resource);
      continue;
    }
    const where = `post build failed for '${resourceName(resource.object)}'`;
    if (variables !== undefined && !variables.ok) return problem(`${where}: ${variables.problem}`);
    const values: Variables = variables?.value ?? new Map();
    if (values.size === 0 && !always) {
      out.push(resource);
      continue;
    }
    const made = substituteText(resource.text, { variables: values, strict });
    if (!made.ok) return problem(`${where}: ${made.problem}`);
    taken.delete(idOf(resource.object));
    if (taken.has(idOf(made.value))) return problem("in Replace: id matched 2 resources");
    taken.add(idOf(made.value));
    const text = writeYaml(made.value);
    length += text.length;
    if (length > MAX_LENGTH) return problem(`${where}: all objects together become longer than ${MAX_LENGTH} characters`);
    out.push({ text, object: made.value });
  }
  return ok(out);
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
