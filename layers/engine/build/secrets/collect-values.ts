import { isArray, isObject, type Json, type JsonObject } from "../../domain/json.ts";
import type { Tree } from "../../domain/tree.ts";
import { spend } from "../work.ts";
import { readYaml } from "../yaml/read.ts";
import { hideFile, hideForms, hidePair, leavesOf } from "./forms.ts";
import type { Hide } from "./mask-values.ts";
import { scanText } from "./scan-text.ts";

type Collecting = {
  /** Files by the last part of their paths. */
  readonly named: ReadonlyMap<string, readonly Uint8Array[]>;
  readonly hide: Hide;
  /** Values of which a replacement may take a part, and at what it divides them. */
  readonly values: Set<string>;
  readonly delimiters: Set<string>;
  /** Texts and files that were looked into: as what may be a Secret's (true), and as anything. */
  readonly done: ReadonlyMap<boolean, Set<string>>;
  readonly waiting: Waiting[];
  /** Patches for nobody: a Secret's, maybe, if there is one. */
  readonly unaimed: Set<string>;
  readonly patchFiles: Set<Uint8Array>;
  readonly hiddenFiles: Set<Uint8Array>;
};
/** `isOfSecret`: a patch that may be meant for a Secret, whatever it says itself. */
type Waiting = { readonly value: Json; readonly isOfSecret: boolean };

/** The kind may be written with escapes. */
const MENTIONS_SECRETS = /secret|\\[xuU]/i;
const IS_YAML = /\.ya?ml$|\.json$|(?:^|\/)Kustomization$/;
const IS_KUSTOMIZATION = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;
const IS_SECRET = /^secret(?:list)?$/i;
const IS_DATA = /^(?:string)?data$/i;
/** Fields of a Secret that hold no secret; everything else may be one that is misspelt. */
const SAID = new Set(["apiversion", "kind", "metadata", "type", "immutable", "items"]);

/**
 * Hands over whatever in `tree` and in the Kustomization's own `spec` is, or may become, the value of a Secret. It reads what is written, and not what the builder made of it:
 * a build fails anywhere, also before it has come to what it will quote next time.
 */
export function collectValues(tree: Tree, spec: Json, hide: Hide): void {
  const collecting: Collecting = {
    named: filesByName(tree),
    values: new Set(),
    delimiters: new Set(),
    done: new Map([
      [true, new Set()],
      [false, new Set()],
    ]),
    waiting: [{ value: spec, isOfSecret: false }],
    unaimed: new Set(),
    patchFiles: new Set(),
    hiddenFiles: new Set(),
    hide(value) {
      collecting.values.add(value);
      hide(value);
    },
  };
  let hasSecrets = false;
  for (const [path, { bytes }] of tree) {
    if (!IS_YAML.test(path)) continue;
    spend(bytes.length);
    const text = new TextDecoder().decode(bytes);
    const mentionsSecrets = MENTIONS_SECRETS.test(text);
    hasSecrets ||= mentionsSecrets;
    if (IS_KUSTOMIZATION.test(path) || mentionsSecrets) readText(text, false, collecting);
    look(collecting);
  }
  look(collecting);
  for (const text of hasSecrets ? collecting.unaimed : []) readText(text, true, collecting);
  look(collecting);
  divide(collecting, hide);
}

/** Without recursion: texts in texts lead on to others. */
function look(collecting: Collecting): void {
  for (let next = collecting.waiting.pop(); next !== undefined; next = collecting.waiting.pop()) {
    const { value, isOfSecret } = next;
    spend(1);
    if (isArray(value)) for (const item of value) collecting.waiting.push({ value: item, isOfSecret });
    else if (isObject(value)) lookAt(value, isOfSecret, collecting);
    else if (typeof value === "string" && (MENTIONS_SECRETS.test(value) || isOfSecret)) readText(value, isOfSecret, collecting);
  }
}

function lookAt(object: JsonObject, isOfSecret: boolean, collecting: Collecting): void {
  const kind = textOf(object.kind);
  const isSecret = IS_SECRET.test(kind);
  for (const [key, value] of Object.entries(object)) {
    const name = key.toLowerCase();
    if (isSecret ? !SAID.has(name) : isOfSecret && IS_DATA.test(name)) hideLeaves(value, collecting);
    if (name === "secretgenerator") for (const args of listOf(value)) lookAtGenerator(args, collecting);
    if (name === "delimiter" && typeof value === "string" && value !== "") collecting.delimiters.add(value);
  }
  if (/^secretgenerator$/i.test(kind)) lookAtGenerator(object, collecting);
  if (isOfSecret && typeof object.path === "string" && /data|^\/?$/i.test(object.path)) hideLeaves(object.value ?? null, collecting);
  if (/^valueaddtransformer$/i.test(kind)) hideLeaves(object.value ?? null, collecting);
  const aimless = unaimed(object);
  if (aimless !== undefined) collecting.unaimed.add(aimless);
  lookAtPatch(object, isOfSecret, isSecret, collecting);
}

/** An entry of `patches` and its like, or what is around them; what it says is looked at as a part of the rest, too. */
function lookAtPatch(object: JsonObject, isOfSecret: boolean, isSecret: boolean, collecting: Collecting): void {
  for (const [key, value] of Object.entries(object)) {
    const isPatch = /^(?:patch|patches|patchesstrategicmerge|jsonop|paths|path)$/i.test(key);
    const isMeant = isOfSecret || (isPatch && mayMeanSecret(object)) || (isSecret && key === "items");
    if (isPatch && isMeant) for (const path of listOf(value)) lookAtFile(path, collecting);
    collecting.waiting.push({ value, isOfSecret: isMeant && (isPatch || typeof value !== "string") });
  }
}

/** Kinds of targets are patterns, and may be left out; what has no target says itself what it is for. */
function mayMeanSecret(patch: JsonObject): boolean {
  const target = fieldOf(patch, "target");
  if (!isObject(target)) return false;
  const kind = textOf(fieldOf(target, "kind"));
  return !/^[a-z]+$/i.test(kind) || IS_SECRET.test(kind);
}

/** A patch that has no target and says no kind, which fails and is quoted. */
function unaimed(patch: JsonObject): string | undefined {
  const text = fieldOf(patch, "target") === undefined ? textOf(fieldOf(patch, "patch")) : "";
  return text === "" || /kind["']?\s*:/i.test(text) ? undefined : text;
}

const fieldOf = (object: JsonObject, field: string): Json | undefined => Object.entries(object).find(([key]) => key.toLowerCase() === field)?.[1];

function lookAtFile(path: Json, collecting: Collecting): void {
  for (const bytes of filesNamed(path, collecting)) {
    if (collecting.patchFiles.has(bytes)) continue;
    collecting.patchFiles.add(bytes);
    readText(new TextDecoder().decode(bytes), true, collecting);
  }
}

function lookAtGenerator(args: Json, collecting: Collecting): void {
  if (!isObject(args)) return;
  for (const [key, value] of Object.entries(args)) {
    const name = key.toLowerCase();
    if (name === "literals") for (const literal of leavesOf(value)) hidePair(literal, collecting.hide);
    if (!/^(?:envs?|files)$/.test(name)) continue;
    for (const source of leavesOf(value)) hideFiles(source.slice(source.indexOf("=") + 1), collecting);
  }
}

function hideFiles(path: string, collecting: Collecting): void {
  for (const bytes of filesNamed(path, collecting)) {
    if (collecting.hiddenFiles.has(bytes)) continue;
    collecting.hiddenFiles.add(bytes);
    spend(bytes.length);
    hideFile(bytes, collecting.hide);
  }
}

/** Every file that a path can mean, from whatever folder: which one it is said from is the builder's to know. */
const filesNamed = (path: Json, { named }: Collecting): readonly Uint8Array[] => (typeof path === "string" ? (named.get(nameOf(path)) ?? []) : []);

function filesByName(tree: Tree): ReadonlyMap<string, readonly Uint8Array[]> {
  const named = new Map<string, Uint8Array[]>();
  for (const [path, { bytes }] of tree) {
    const name = nameOf(path);
    const known = named.get(name);
    if (known === undefined) named.set(name, [bytes]);
    else known.push(bytes);
  }
  return named;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

function readText(text: string, isOfSecret: boolean, collecting: Collecting): void {
  const done = collecting.done.get(isOfSecret);
  if (done === undefined || done.has(text)) return;
  done.add(text);
  const read = readYaml(text, "last wins");
  scanText(text, { isReadable: read.ok, isOfSecret }, collecting.hide);
  for (const document of read.ok ? read.value : []) {
    const isPatch = isArray(document) ? document.every(isObject) : isObject(document);
    if (isPatch || document !== text) collecting.waiting.push({ value: document, isOfSecret });
    if (isOfSecret && !isPatch) hideLeaves(document, collecting);
  }
}

function hideLeaves(value: Json, { hide }: Collecting): void {
  for (const leaf of leavesOf(value)) hideForms(leaf, hide);
}

function divide({ values, delimiters }: Collecting, hide: Hide): void {
  for (const delimiter of delimiters) {
    for (const value of values) {
      spend(value.length);
      if (value.includes(delimiter)) for (const part of value.split(delimiter)) hide(part);
    }
  }
}

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const listOf = (value: Json): readonly Json[] => (isArray(value) ? value : [value]);
