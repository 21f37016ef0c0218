import { posix } from "node:path/posix";
import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import { ok, type Result } from "../domain/result.ts";
import type { Files } from "../ports/files.ts";
import { type Folders, resolvePath } from "./folders.ts";
import { type BuildProblem, buildProblem, within } from "./kustomize/build-problem.ts";
import { KUSTOMIZATION_FILES } from "./kustomize/kustomization/kustomization-file.ts";
import { readLoosely } from "./kustomize/kustomization/read-kustomization.ts";
import type { ReadResources } from "./kustomize/resource/read-resources.ts";

/** The part of a Kustomization's spec that changes the kustomization it builds. */
export type OverlaySpec = {
  readonly targetNamespace?: string | undefined;
  readonly namePrefix?: string | undefined;
  readonly nameSuffix?: string | undefined;
  readonly patches?: readonly { readonly patch: string; readonly target?: { readonly [field: string]: string | undefined } | undefined }[] | undefined;
  readonly images?: readonly ImageOverride[] | undefined;
  readonly components?: readonly string[] | undefined;
  readonly ignoreMissingComponents?: boolean | undefined;
  readonly buildMetadata?: readonly string[] | undefined;
};

export type ImageOverride = {
  readonly name: string;
  readonly newName?: string | undefined;
  readonly newTag?: string | undefined;
  readonly digest?: string | undefined;
};

/** The kustomization to build: written over its own file, or into a new one. */
export type Overlay = { readonly file: string; readonly kustomization: JsonObject };

/** A folder in which overlays can be looked for and made. */
export type OverlayFiles = Files & Folders;

const EMPTY_KUSTOMIZATION: JsonObject = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" };
const PLACEHOLDER = "_placeholder";
const REMOTE = ["git::", "gh:", "ssh://", "https://", "http://", "git@", "github.com:", "github.com/"];

const decode = (bytes: Uint8Array | undefined): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

/** What is built for the folder `path`; the problem has the whole message of BuildFailed. Source: reference 2.5.1. */
export function makeOverlay(files: OverlayFiles, path: string, spec: OverlaySpec, readResources: ReadResources): Result<Overlay, BuildProblem> {
  const found = KUSTOMIZATION_FILES.map((name) => resolvePath(path, name)).find((file) => files.at(file) === "file");
  if (found !== undefined) {
    const entry = readLoosely(decode(files.read(found)));
    if (!entry.ok) return buildProblem(entry.problem.message, { file: found, path: entry.problem.path });
    const kustomization = { ...EMPTY_KUSTOMIZATION, ...entry.value };
    // Without resources an overlay of generators alone would count as empty.
    const counted = isArray(kustomization.resources) ? kustomization : { ...kustomization, buildMetadata: ["originAnnotations"] };
    return merged(found, counted, spec, files, path);
  }
  const resources = scanFolder(files, path, readResources);
  if (!resources.ok) return resources;
  const made = { ...EMPTY_KUSTOMIZATION, ...(resources.value.length === 0 ? { namespace: PLACEHOLDER } : { resources: resources.value }) };
  return merged(resolvePath(path, KUSTOMIZATION_FILES[0]), made, spec, files, path);
}

function merged(file: string, kustomization: JsonObject, spec: OverlaySpec, folders: Folders, path: string): Result<Overlay, BuildProblem> {
  const components = mergeComponents(listOf(kustomization.components), spec, folders, path);
  if (!components.ok) return components;
  const namespace = spec.targetNamespace ?? kustomization.namespace;
  // kustomize 0.21 hands its namespace on to charts; they are refused all the same, but the message shows it.
  const helmCharts = listOf(kustomization.helmCharts).map((chart) => (isObject(chart) && namespace !== undefined ? { namespace, ...chart } : chart));
  const patches = [...listOf(kustomization.patches), ...(spec.patches ?? []).map(patchOf)];
  const images = mergeImages(listOf(kustomization.images), spec.images ?? []);
  return ok({
    file,
    kustomization: {
      ...kustomization,
      ...(spec.targetNamespace !== undefined && { namespace: spec.targetNamespace }),
      ...(spec.namePrefix !== undefined && { namePrefix: spec.namePrefix }),
      ...(spec.nameSuffix !== undefined && { nameSuffix: spec.nameSuffix }),
      ...(helmCharts.length > 0 && { helmCharts }),
      ...(patches.length > 0 && { patches }),
      ...(images.length > 0 && { images }),
      ...(components.value.length > 0 && { components: components.value }),
      ...(spec.buildMetadata !== undefined && spec.buildMetadata.length > 0 && { buildMetadata: spec.buildMetadata }),
    },
  });
}

const listOf = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);
const present = (fields: { readonly [field: string]: string | undefined }): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""));

export const patchOf = ({
  patch,
  target,
}: {
  readonly patch: string;
  readonly target?: { readonly [field: string]: string | undefined } | undefined;
}): JsonObject => ({
  ...present({ patch }),
  ...(target !== undefined && { target: present(target) }),
});

/** By name: newName alone is taken over, newTag and digest only as a pair. */
function mergeImages(given: readonly Json[], overrides: readonly ImageOverride[]): readonly Json[] {
  const images = [...given];
  for (const { name, newName, newTag, digest } of overrides) {
    const at = images.findIndex((image) => isObject(image) && image.name === name);
    const old = images[at];
    if (!isObject(old)) {
      images.push(present({ name, newName, newTag, digest }));
      continue;
    }
    const { newTag: oldTag, digest: oldDigest, ...rest } = old;
    const version =
      (newTag ?? "") !== "" || (digest ?? "") !== ""
        ? present({ newTag, digest })
        : { ...(oldTag !== undefined && { newTag: oldTag }), ...(oldDigest !== undefined && { digest: oldDigest }) };
    images[at] = { ...rest, ...present({ newName }), ...version };
  }
  return images;
}

function mergeComponents(given: readonly Json[], spec: OverlaySpec, folders: Folders, path: string): Result<readonly Json[], BuildProblem> {
  const components = [...given];
  for (const component of spec.components ?? []) {
    if (!isLocalRelative(component)) return buildProblem(`component path '${component}' must be local and relative`);
    const isThere = folders.at(resolvePath(path, component)) !== "nothing";
    if (isThere || spec.ignoreMissingComponents !== true) components.push(component);
  }
  return ok(components);
}

function isLocalRelative(path: string): boolean {
  const lower = path.toLowerCase();
  if (REMOTE.some((prefix) => prefix.length < path.length && lower.startsWith(prefix))) return false;
  return !path.startsWith("/") && !lower.replace(/^file:\/\//, "").startsWith("/");
}

/** All manifests below a folder; a folder with a kustomization of its own counts as one. */
function scanFolder(files: OverlayFiles, path: string, readResources: ReadResources): Result<readonly string[], BuildProblem> {
  const resources: string[] = [];
  const waiting = entriesOf(files, path);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const shown = `./${path === "" ? next : posix.relative(path, next)}`;
    if (files.at(next) === "folder") {
      if (KUSTOMIZATION_FILES.some((name) => files.at(`${next}/${name}`) === "file")) resources.push(shown);
      else waiting.unshift(...entriesOf(files, next));
      continue;
    }
    if (!/\.ya?ml$/.test(next)) continue;
    const read = readResources(files.read(next) ?? "", next);
    const words = (message: string): string => `failed to decode Kubernetes YAML from ${files.shownRoot}/${next}: ${message}`;
    if (!read.ok) return { ok: false, problem: within(words, read.problem) };
    resources.push(shown);
  }
  return ok(resources);
}

const entriesOf = (folders: Folders, path: string): string[] => folders.names(path).map((name) => (path === "" ? name : `${path}/${name}`));
