// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of Flux and of the recordings, not of JavaScript
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type BuildSpec, type Built, buildManifests } from "@sluice/engine/build/build-manifests.ts";
import { createKustomizer } from "@sluice/engine/build/kustomize/build.ts";
import { filesOfTree } from "@sluice/engine/build/kustomize/files-of-tree.ts";
import { setMetadata } from "@sluice/engine/build/metadata.ts";
import { mergeVariables, type VariableSource } from "@sluice/engine/build/variables.ts";
import { entryOf } from "@sluice/engine/domain/inventory.ts";
import { isEqual, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { type Manifest, refOf } from "@sluice/engine/domain/manifest.ts";
import type { Tree, TreeFile } from "@sluice/engine/domain/tree.ts";
import YAML from "yaml";

const CONFORMANCE = join(import.meta.dirname, "../../../conformance");
const NAMESPACE = "t0-recorded";

type Object = {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: JsonObject;
  readonly data?: JsonObject;
  readonly stringData?: JsonObject;
};
type Given = { readonly files: Map<string, TreeFile>; readonly folders: Set<string>; readonly objects: Map<string, Object> };

export const scenarios = (): readonly string[] =>
  readdirSync(join(CONFORMANCE, "scenarios/build"))
    .map((file) => basename(file, ".yaml"))
    .toSorted();

/** Each Kustomization of each snapshot that comes out otherwise than it was recorded, with what is different. */
const kustomizer = createKustomizer();

export async function differences(scenario: string): Promise<readonly string[]> {
  const steps = YAML.parse(readFileSync(join(CONFORMANCE, "scenarios/build", `${scenario}.yaml`), "utf8")).steps;
  const recorded = YAML.parse(readFileSync(join(CONFORMANCE, "recorded/build", `${scenario}.yaml`), "utf8"));
  const given: Given = { files: new Map(), folders: new Set(), objects: new Map() };
  const found: string[] = [];
  for (const step of steps) {
    for (const [verb, argument] of Object.entries<JsonObject & string>(step)) {
      if (verb === "commit") commit(given, argument.files);
      if (verb === "apply") apply(given, argument);
      if (verb === "patch") patch(given, argument);
      if (verb === "snapshot") found.push(...(await compare(given, recorded[argument], argument)));
    }
  }
  return found;
}

function commit({ files, folders }: Given, changed: Json | undefined): void {
  for (const [path, content] of Object.entries(isObject(changed) ? changed : {})) {
    for (const old of [...files.keys()]) if (old === path || old.startsWith(`${path}/`)) files.delete(old);
    if (content === null) folders.delete(path);
    const bytes = bytesOf(content);
    if (bytes === undefined) continue;
    files.set(path, { bytes, executable: false });
    const parts = path.split("/");
    for (let length = 1; length < parts.length; length++) folders.add(parts.slice(0, length).join("/"));
  }
}

/** Links are not in an artifact. */
function bytesOf(content: Json): Uint8Array | undefined {
  if (typeof content === "string") return Buffer.from(fill(content));
  if (!isObject(content) || content.symlink !== undefined) return undefined;
  return typeof content.base64 === "string" ? Buffer.from(content.base64, "base64") : Buffer.from(fill(String(content.text)));
}

function apply({ objects }: Given, text: string): void {
  for (const document of YAML.parseAllDocuments(fill(text))) {
    const object = document.toJS();
    objects.set(`${object.kind}/${object.metadata.name}`, object);
  }
}

function patch({ objects }: Given, { object, merge }: JsonObject): void {
  const [kind = "", name = ""] = String(object).split("/");
  const id = `${kind === "kustomization" ? "Kustomization" : kind}/${name}`;
  const old = objects.get(id);
  if (old !== undefined) objects.set(id, JSON.parse(JSON.stringify(mergePatch(JSON.parse(JSON.stringify(old)), merge ?? {}))));
}

function mergePatch(value: Json, change: Json): Json {
  if (!isObject(change)) return change;
  const base = isObject(value) ? value : {};
  const all = { ...base, ...Object.fromEntries(Object.entries(change).map(([key, inner]) => [key, mergePatch(base[key] ?? null, inner)])) };
  return Object.fromEntries(Object.entries(all).filter(([, inner]) => inner !== null));
}

async function compare(given: Given, snapshot: JsonObject, label: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [id, state] of Object.entries(isObject(snapshot.flux) ? snapshot.flux : {})) {
    const object = given.objects.get(id);
    if (!id.startsWith("Kustomization/") || object === undefined) continue;
    const want = JSON.parse(JSON.stringify(state));
    const ready = want.status.conditions.find((condition: { type: string }) => condition.type === "Ready");
    const built = await build(given, object);
    const wrong = ["BuildFailed", "ArtifactFailed"].includes(ready.reason)
      ? messageDifference(built, ready)
      : built.kind !== "built"
        ? `${built.kind}: ${built.message}`
        : ready.status === "True"
          ? objectsDifference(built.manifests, object, want.status.inventory?.entries ?? [], isObject(snapshot.objects) ? snapshot.objects : {})
          : undefined;
    if (wrong !== undefined) found.push(`${label} ${id}: ${wrong}`);
  }
  return found;
}

async function build({ files, folders, objects }: Given, object: Object): Promise<Built> {
  const spec: BuildSpec & {
    postBuild?: { substitute?: Record<string, string>; substituteFrom?: { kind: "ConfigMap" | "Secret"; name: string; optional?: boolean }[] };
  } = JSON.parse(JSON.stringify(object.spec));
  const sources = (spec.postBuild?.substituteFrom ?? []).map(({ kind, name, optional = false }): VariableSource => {
    const there = objects.get(`${kind}/${name}`);
    if (there === undefined) return { kind, name, optional, answer: { kind: "absent", message: `${kind.toLowerCase()}s "${name}" not found` } };
    const values = Object.entries({ ...there.data, ...there.stringData }).map(([key, value]): [string, string] => [key, String(value)]);
    return { kind, name, optional, answer: { kind: "found", values: new Map(values) } };
  });
  const variables = spec.postBuild === undefined ? undefined : mergeVariables(sources, spec.postBuild.substitute);
  return buildManifests({ files: filesOfTree(artifact(files), folders), kustomization: spec, variables }, kustomizer);
}

/** What the source would leave out: pictures, and what the one `.sourceignore` of these scenarios names. */
function artifact(files: Given["files"]): Tree {
  const ignored = [...files].flatMap(([path, { bytes }]) => (path.endsWith(".sourceignore") ? Buffer.from(bytes).toString().split("\n") : []));
  return new Map([...files].filter(([path]) => !path.endsWith(".png") && !ignored.includes(basename(path))));
}

function messageDifference(built: Built, ready: { readonly reason: string; readonly message: string }): string | undefined {
  const kind = ready.reason === "ArtifactFailed" ? "path-missing" : "failed";
  if (built.kind === "built") return `built, but wanted ${ready.message}`;
  const said = built.message
    .replaceAll(NAMESPACE, "${NS}")
    .replace(/\/tmp\/[\w./-]*?kustom(?:ization|ize)-\d+/g, "${TMP}")
    .replace(/127\.0\.0\.1:\d+/g, "${ADDRESS}");
  return said === ready.message && built.kind === kind ? undefined : `${built.kind}\n  said   ${said}\n  wanted ${ready.message}`;
}

function objectsDifference(
  manifests: readonly Manifest[],
  object: Object,
  entries: readonly { readonly id: string }[],
  recorded: JsonObject,
): string | undefined {
  const { commonMetadata } = JSON.parse(JSON.stringify(object.spec ?? {}));
  const owned = setMetadata(manifests, { name: object.metadata.name, namespace: NAMESPACE }, commonMetadata);
  const ids = owned.map((manifest) => entryOf(refOf(manifest)).id.replaceAll(NAMESPACE, "${NS}")).toSorted();
  const wanted = entries.map(({ id }) => id).toSorted();
  if (!isEqual(ids, wanted)) return `built ${ids.join(", ")}\n  wanted ${wanted.join(", ")}`;
  for (const manifest of owned) {
    const id = `${manifest.kind}/${manifest.metadata.name}`;
    const live = recorded[id];
    const wrong = isObject(live) ? missing(flattened(manifest), live, id) : undefined;
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** The manifest in the form of a recorded object: labels and annotations on top, Secrets in base64. */
function flattened(manifest: Manifest): JsonObject {
  const { apiVersion: _, kind, metadata, stringData, ...rest } = JSON.parse(JSON.stringify(manifest).replaceAll(NAMESPACE, "${NS}"));
  const data =
    kind === "Secret" && stringData !== undefined
      ? {
          data: { ...rest.data, ...Object.fromEntries(Object.entries(stringData).map(([key, value]) => [key, Buffer.from(String(value)).toString("base64")])) },
        }
      : {};
  return { ...rest, ...data, labels: metadata.labels ?? {}, ...(metadata.annotations && { annotations: metadata.annotations }) };
}

/** The first value of `wanted` that `live`, which may have more, has not. */
function missing(wanted: Json, live: Json | undefined, path: string): string | undefined {
  if (isObject(wanted) && isObject(live)) {
    for (const [key, value] of Object.entries(wanted)) {
      const wrong = missing(value, live[key], `${path}.${key}`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }
  if (Array.isArray(wanted) && Array.isArray(live) && wanted.length === live.length) {
    return wanted.map((item, index) => missing(item, live[index], `${path}[${index}]`)).find((wrong) => wrong !== undefined);
  }
  const empty = wanted === null || (isObject(wanted) && Object.keys(wanted).length === 0);
  return isEqual(wanted, live) || (empty && live === undefined) ? undefined : `${path}: built ${JSON.stringify(wanted)}, wanted ${JSON.stringify(live)}`;
}

const fill = (text: string): string => text.replaceAll("${NS}", NAMESPACE).replaceAll("${GIT}", "http://127.0.0.1:1");
