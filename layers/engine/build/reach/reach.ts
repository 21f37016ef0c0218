import { posix } from "node:path/posix";
import { BUILD_ROOT } from "../../domain/build-root.ts";
import { isArray, isObject, type Json, type JsonObject } from "../../domain/json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import type { Tree } from "../../domain/tree.ts";
import { foldCase, KUSTOMIZATION_FILES } from "../entry.ts";
import { type Folders, resolvePath } from "../folders.ts";
import { readYaml } from "../yaml/read.ts";
import { pluginReferencesOf, type Reference, referencesOf } from "./references.ts";

const MAX_KUSTOMIZATIONS = 2_000;
const PLAIN_FIELDS: ReadonlySet<string> = new Set(["apiversion", "kind", "metadata", "resources"]);

/** One kustomization to look at: where it is, through which folders it was reached (for messages), and whether it makes plugins. */
type Visit = { readonly folder: string; readonly chain: string; readonly asPlugin: boolean };
type Place = Visit & { readonly file: string };

/**
 * Why the build of `path` must not begin, in kustomize's words where it has some: something leaves the tree, is absolute, or is remote.
 * Undefined when every file that kustomize will open is in the tree. Source: security.md, recordings build/kustomization-refers-to-nothing,
 * build/generators-that-fail, build/components.
 */
export function reachProblem(tree: Tree, folders: Folders, path: string): string | undefined {
  const waiting: Visit[] = [{ folder: path, chain: "", asPlugin: false }];
  const seen = new Set<string>();
  for (const visit of waiting) {
    const id = `${visit.asPlugin} ${visit.folder}`;
    if (seen.has(id)) continue;
    seen.add(id);
    if (seen.size > MAX_KUSTOMIZATIONS) return `more than ${MAX_KUSTOMIZATIONS} kustomizations`;
    const wrong = visitFolder(tree, folders, visit, waiting);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function visitFolder(tree: Tree, folders: Folders, visit: Visit, waiting: Visit[]): string | undefined {
  for (const name of KUSTOMIZATION_FILES) {
    const file = resolvePath(visit.folder, name);
    const found = tree.get(file);
    if (found === undefined) continue;
    const place = { ...visit, file };
    const read = readSame(found.bytes, "last wins");
    if (!read.ok) return `${visit.chain}invalid Kustomization: ${read.problem} in ${BUILD_ROOT}/${file}`;
    for (const document of read.value) {
      const wrong = isObject(document) ? visitKustomization(tree, folders, place, document, waiting) : undefined;
      if (wrong !== undefined) return wrong;
    }
  }
  return undefined;
}

function visitKustomization(tree: Tree, folders: Folders, place: Place, kustomization: JsonObject, waiting: Visit[]): string | undefined {
  if (place.asPlugin) {
    // Patches there could make a path that nobody has looked at.
    const field = Object.keys(kustomization).find((key) => !PLAIN_FIELDS.has(foldCase(key)));
    if (field !== undefined)
      return `${place.chain}field ${field} of ${place.file} is not allowed: generators and transformers out of a folder may only be listed as resources`;
  }
  for (const reference of referencesOf(kustomization)) {
    const wrong = visitReference(tree, folders, place, place.asPlugin && reference.role === "resource" ? { ...reference, role: "plugin" } : reference, waiting);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function visitReference(tree: Tree, folders: Folders, place: Place, reference: Reference, waiting: Visit[]): string | undefined {
  const inline = reference.role === "plugin" || reference.role === "patch" ? inlineOf(reference.path) : undefined;
  if (inline !== undefined) {
    const plugin = reference.role === "plugin" ? readPlugin(reference.path) : ok([]);
    const within = plugin.ok ? visitPlugins(place, plugin.value) : `${place.chain}${reference.field} of ${place.file}: ${plugin.problem}`;
    // What we read as YAML and kustomize does not, it opens as a path after all: `a: /../../etc/passwd`, `https://x: y`.
    return within ?? inlineProblem(place, reference);
  }
  const wrong = pathProblem(place, reference);
  if (wrong !== undefined) return wrong;
  const target = resolvePath(place.folder, reference.path);
  const asPlugin = reference.role === "plugin";
  const unread = asPlugin && folders.at(target) === "nothing" ? readYaml(reference.path) : undefined;
  // Neither a path nor YAML as we read it: kustomize might still read it, and nobody would know what it names.
  if (unread?.ok === false) return `${place.chain}${reference.field} of ${place.file}: ${unread.problem}`;
  if (folders.at(target) === "folder") {
    waiting.push({ folder: target, chain: place.chain + chainOf(reference, target), asPlugin });
    return undefined;
  }
  const file = asPlugin ? tree.get(target) : undefined;
  const text = file === undefined ? undefined : decodeSame(file.bytes);
  if (text === undefined) return undefined;
  const read = text.ok ? readPlugin(text.value) : text;
  return read.ok ? visitPlugins(place, read.value) : `${place.chain}${reference.field} of ${place.file}: ${target}: ${read.problem}`;
}

/** These are read by another reader than kustomizations, which merges in another order, so nothing may be merged. */
function readPlugin(text: string): Result<readonly Json[]> {
  const odd = oddCharacter(text);
  if (odd !== undefined) return problem(odd);
  return text.includes("<<") ? problem("yaml: merge keys are not allowed here") : readYaml(text);
}

/** Paths in the configuration of a plugin are relative to the kustomization that lists it. */
function visitPlugins(place: Place, documents: readonly Json[]): string | undefined {
  const waiting = [...documents];
  for (const document of waiting) {
    if (!isObject(document)) continue;
    if (isArray(document.items)) waiting.push(...document.items);
    for (const reference of pluginReferencesOf(document)) {
      const wrong = pathProblem(place, reference);
      if (wrong !== undefined) return wrong;
    }
  }
  return undefined;
}

/** The documents of a text that is YAML and not a path. */
function inlineOf(text: string): readonly Json[] | undefined {
  const read = readYaml(text);
  return read.ok && read.value.some((document) => isObject(document) || isArray(document)) ? read.value : undefined;
}

function pathProblem(place: Place, reference: Reference): string | undefined {
  const { path } = reference;
  if (isRemote(path)) return `${place.chain}remote bases are not supported: ${reference.field} of ${place.file} names '${withoutUser(path)}'`;
  const absolute = posix.resolve(`${BUILD_ROOT}/${place.folder}`, path);
  return leavesTree(place, path) ? place.chain + outsideText(place, reference, absolute) : undefined;
}

function leavesTree({ folder }: Place, path: string): boolean {
  const target = resolvePath(folder, path);
  return path.startsWith("/") || target === ".." || target.startsWith("../");
}

const REMOTE = /^[a-z][a-z0-9+.-]*:\/\/|^(?:git::|gh:|github\.com[:/])|^[^/]+@[^/]+:|[?&]ref=/i;

const isRemote = (path: string): boolean => REMOTE.test(path);
const withoutUser = (url: string): string => url.replace(/\/\/[^/@]*@/, "//").replace(/\?.*$/, "");

function inlineProblem(place: Place, reference: Reference): string | undefined {
  const { path } = reference;
  if (/^\s*[a-z][a-z0-9+.-]*:\/\//i.test(path))
    return `${place.chain}remote bases are not supported: ${reference.field} of ${place.file} names '${withoutUser(path)}'`;
  return leavesTree(place, path) ? `${place.chain}${reference.field} of ${place.file} holds YAML that is a path out of the tree, too` : undefined;
}

function outsideText(place: Place, { role, field, path, among }: Reference, absolute: string): string {
  const constraint = `fs-security-constraint read ${absolute}: path '${absolute}' is not in or below '${BUILD_ROOT}'`;
  const notThere = `must build at directory: not a valid directory: evalsymlink failure on '${absolute}' : lstat ${absolute}: no such file or directory`;
  if (role === "resource") {
    return `accumulating resources: accumulation err='accumulating resources from '${path}': ${constraint}': ${path.startsWith("/") ? `new root '${path}' cannot be absolute` : notThere}`;
  }
  if (role === "component") return `accumulating components: loader.New "${notThere}"`;
  if (field.endsWith(".files")) return `loading KV pairs: file sources: [${(among ?? []).join(" ")}]: ${constraint}`;
  if (field.endsWith(".envs")) return `loading KV pairs: env source files: [${(among ?? []).join(" ")}]: ${constraint}`;
  return `${constraint} (${field} of ${place.file})`;
}

/** What kustomize puts before everything that is wrong inside of a folder that it was led to. */
function chainOf({ role, path }: Reference, target: string): string {
  const folder = `${BUILD_ROOT}/${target}`.replace(/\/$/, "");
  if (role !== "resource") return "";
  return `accumulating resources: accumulation err='accumulating resources from '${path}': read ${folder}: is a directory': recursed accumulation of path '${folder}': `;
}

/**
 * The documents of a file, if every reader of YAML sees the same ones: kustomize reads it again with a reader of its own, and what that one
 * alone takes for a line would name files that nobody has looked at.
 */
function readSame(bytes: Uint8Array, duplicates: "refuse" | "last wins"): Result<readonly Json[]> {
  const text = decodeSame(bytes);
  return text.ok ? readYaml(text.value, duplicates) : text;
}

function decodeSame(bytes: Uint8Array): Result<string> {
  try {
    const text = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(bytes);
    const odd = oddCharacter(text);
    return odd === undefined ? ok(text) : problem(odd);
  } catch {
    return problem("yaml: invalid UTF-8");
  }
}

/** YAML 1.1 ends lines at U+0085, U+2028 and U+2029, YAML 1.2 does not; a byte order mark counts for nothing in one and is text in the other. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ODD = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]|(?!^)\ufeff/;

function oddCharacter(text: string): string | undefined {
  const found = ODD.exec(text)?.[0];
  return found === undefined ? undefined : `yaml: the character U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")} is not allowed here`;
}
