import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Restriction } from "@sluice/engine/build/kustomize/files.ts";
import YAML from "yaml";

/** What is built: files, where, under which rule. What the corpus, the random trees and the oracles share. */
export type Input = {
  readonly files: Readonly<Record<string, string>>;
  /** Files whose bytes are no text, in base64. */
  readonly bytes?: Readonly<Record<string, string>>;
  /** Symbolic links: where each leads, as `ln -s` takes it. */
  readonly links?: Readonly<Record<string, string>>;
  readonly path: string;
  readonly restriction: Restriction;
  readonly order: "legacy" | "none";
};

/** What a kustomize says: the text that it prints, or its message. */
export type Answer = { readonly kind: "built"; readonly yaml: string } | { readonly kind: "failed"; readonly message: string };

export type Case = {
  readonly name: string;
  readonly file: string;
  readonly input: Input;
  readonly want: Answer | undefined;
  /** Why the wanted answer was written by hand: no kustomize gives it. */
  readonly byHand: string | undefined;
  /** What kubectl says where it does not say what is wanted, and why. */
  readonly kubectl: { readonly why: string; readonly answer: Answer } | undefined;
};

const CORPUS = join(import.meta.dirname, "../../golden/kustomize");

/** The folder that messages show as the root of the files; no oracle works there, so nobody's root can be part of a wanted text. */
export const SHOWN_ROOT = "/tree";

export function caseFiles(folder: string = CORPUS): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .toSorted()
    .map((name) => join(folder, name));
}

export const readCases = (folder: string = CORPUS): readonly Case[] => caseFiles(folder).map((file) => readCase(file, folder));

export const readCase = (file: string, folder: string = CORPUS): Case =>
  parseCase(readFileSync(file, "utf8"), file, file.slice(folder.length + 1).replace(/\.yaml$/, ""));

const FIELDS: ReadonlySet<string> = new Set([
  "path",
  "restriction",
  "order",
  "files",
  "bytes",
  "links",
  "want",
  "error",
  "by hand",
  "kubectl differs",
  "kubectl",
  "kubectl error",
]);

/** Throws when the text is no case: a case that is not run is a hole in the corpus. */
export function parseCase(text: string, file: string, name: string): Case {
  const value: unknown = YAML.parse(text);
  const field = fieldsOf(value, file);
  for (const key of field.keys()) if (!FIELDS.has(key)) throw new Error(`${file}: unknown field ${key}`);
  const string = (key: string): string | undefined => {
    const found = field.get(key);
    if (found !== undefined && typeof found !== "string") throw new Error(`${file}: ${key} is no string`);
    return found;
  };
  const bytes = stringsOf(field.get("bytes") ?? {}, `${file}: bytes`);
  const links = stringsOf(field.get("links") ?? {}, `${file}: links`);
  const restriction = string("restriction") ?? "within-folder";
  if (restriction !== "within-folder" && restriction !== "within-tree") throw new Error(`${file}: restriction ${restriction}`);
  const order = string("order") ?? "none";
  if (order !== "none" && order !== "legacy") throw new Error(`${file}: order ${order}`);
  const why = string("kubectl differs");
  const kubectl = answerOf(string("kubectl"), string("kubectl error"), file);
  if ((why === undefined) !== (kubectl === undefined)) throw new Error(`${file}: "kubectl differs" needs what kubectl says, and the other way round`);
  return {
    name,
    file,
    input: {
      files: stringsOf(field.get("files"), `${file}: files`),
      ...(Object.keys(bytes).length > 0 && { bytes }),
      ...(Object.keys(links).length > 0 && { links }),
      path: string("path") ?? "app",
      restriction,
      order,
    },
    want: answerOf(string("want"), string("error"), file),
    byHand: string("by hand"),
    kubectl: why === undefined || kubectl === undefined ? undefined : { why, answer: kubectl },
  };
}

function answerOf(yaml: string | undefined, message: string | undefined, file: string): Answer | undefined {
  if (yaml !== undefined && message !== undefined) throw new Error(`${file}: an output and an error`);
  if (yaml !== undefined) return { kind: "built", yaml };
  return message === undefined ? undefined : { kind: "failed", message };
}

function stringsOf(value: unknown, where: string): Record<string, string> {
  const entries = [...fieldsOf(value, where)].map(([key, text]): [string, string] => {
    if (typeof text !== "string") throw new Error(`${where}: ${key} is no string`);
    return [key, text];
  });
  return Object.fromEntries(entries);
}

function fieldsOf(value: unknown, where: string): ReadonlyMap<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${where}: no map`);
  return new Map(Object.entries(value));
}
