import { posix } from "node:path/posix";
import { BUILD_ROOT } from "../domain/build-root.ts";
import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import type { Tree } from "../domain/tree.ts";
import type { Kustomize } from "../ports/kustomize.ts";
import { EMPTY_KUSTOMIZATION, KUSTOMIZATION_FILES, readEntry } from "./entry.ts";
import type { Folders } from "./folders.ts";
import { resolvePath } from "./folders.ts";
import { resourceProblem } from "./resource-check.ts";
import { readYaml } from "./yaml/read.ts";
import { writeYaml } from "./yaml/write.ts";

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

const PLACEHOLDER = "_placeholder";
const REMOTE = ["git::", "gh:", "ssh://", "https://", "http://", "git@", "github.com:", "github.com/"];

const decode = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

/** The tree with the overlay in it. */
export const withOverlay = (tree: Tree, { file, kustomization }: Overlay): Tree =>
  new Map(tree).set(file, { bytes: new TextEncoder().encode(writeYaml(kustomization)), executable: false });

/** What is built for the folder `path`; the problem is the whole message of BuildFailed. Source: reference 2.5.1. */
export async function makeOverlay(tree: Tree, folders: Folders, path: string, spec: OverlaySpec, kustomize: Kustomize): Promise<Result<Overlay>> {
  const found = KUSTOMIZATION_FILES.map((name) => resolvePath(path, name)).find((file) => tree.has(file));
  if (found !== undefined) {
    const entry = readEntry(decode(tree.get(found)?.bytes ?? new Uint8Array()));
    if (!entry.ok) return entry;
    // Without resources an overlay of generators alone would count as empty.
    const counted = isArray(entry.value.resources) ? entry.value : { ...entry.value, buildMetadata: ["originAnnotations"] };
    return merged(found, counted, spec, folders, path);
  }
  const resources = await scanFolder(tree, folders, path, kustomize);
  if (!resources.ok) return resources;
  const made = { ...EMPTY_KUSTOMIZATION, ...(resources.value.length === 0 ? { namespace: PLACEHOLDER } : { resources: resources.value }) };
  return merged(resolvePath(path, KUSTOMIZATION_FILES[0]), made, spec, folders, path);
}

function merged(file: string, kustomization: JsonObject, spec: OverlaySpec, folders: Folders, path: string): Result<Overlay> {
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
      // The command sorts its output by kind unless it is told otherwise; Flux, which uses the library, does not.
      sortOptions: kustomization.sortOptions ?? { order: "fifo" },
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

const patchOf = ({
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

function mergeComponents(given: readonly Json[], spec: OverlaySpec, folders: Folders, path: string): Result<readonly Json[]> {
  const components = [...given];
  for (const component of spec.components ?? []) {
    if (!isLocalRelative(component)) return problem(`component path '${component}' must be local and relative`);
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
async function scanFolder(tree: Tree, folders: Folders, path: string, kustomize: Kustomize): Promise<Result<readonly string[]>> {
  const resources: string[] = [];
  const waiting = entriesOf(folders, path);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const shown = `./${path === "" ? next : posix.relative(path, next)}`;
    if (folders.at(next) === "folder") {
      if (KUSTOMIZATION_FILES.some((name) => tree.has(`${next}/${name}`))) resources.push(shown);
      else waiting.unshift(...entriesOf(folders, next));
      continue;
    }
    if (!/\.ya?ml$/.test(next)) continue;
    const wrong = await decodeProblem(tree.get(next)?.bytes ?? new Uint8Array(), kustomize);
    if (wrong !== undefined) return problem(`failed to decode Kubernetes YAML from ${BUILD_ROOT}/${next}: ${wrong}`);
    resources.push(shown);
  }
  return ok(resources);
}

const entriesOf = (folders: Folders, path: string): string[] => folders.names(path).map((name) => (path === "" ? name : `${path}/${name}`));

async function decodeProblem(bytes: Uint8Array, kustomize: Kustomize): Promise<string | undefined> {
  const read = readYaml(decode(bytes));
  return read.ok ? resourceProblem(read.value) : malformed(bytes, read.problem, kustomize);
}

/** The words for a file that is no YAML are kustomize's own, so it is asked about this one file; what it can read after all is fine. */
async function malformed(bytes: Uint8Array, ours: string, kustomize: Kustomize): Promise<string | undefined> {
  const file = "a.yaml";
  const entry = writeYaml({ ...EMPTY_KUSTOMIZATION, resources: [file] });
  const built = await kustomize.build(
    new Map([
      ["kustomization.yaml", { bytes: new TextEncoder().encode(entry), executable: false }],
      [file, { bytes, executable: false }],
    ]),
    "",
  );
  if (built.ok) return undefined;
  const said = /MalformedYAMLError: [\s\S]*?(?= in File: a\.yaml)/.exec(built.problem);
  return said === null ? `MalformedYAMLError: ${ours}` : said[0];
}
