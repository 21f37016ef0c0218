import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { parse } from "yaml";
import type { RecordedEvent, RecordedWarning } from "../notify/recorded.ts";

/** One file of test/conformance/notifications/providers, as its README describes it. */
export type Recording = {
  readonly name: string;
  readonly given: {
    readonly provider: JsonObject & { readonly type: string };
    readonly secrets?: { readonly [name: string]: { readonly [key: string]: string } };
    readonly alert: { readonly name: string; readonly namespace: string; readonly spec: JsonObject };
    readonly there?: string;
    readonly event: RecordedEvent;
  };
  readonly sent: readonly JsonObject[];
  readonly alertEvents?: readonly RecordedWarning[];
};

const FOLDER = new URL("../../conformance/notifications/providers/", import.meta.url);

/** Azure DevOps is asked for its versions once per address and process: in the file that was recorded first. Source: the recordings' README. */
const FIRST = "azuredevops-commit-status";

/** The names of all files but transport.yaml, in the order in which they can be replayed by one process. */
export function recordingNames(): readonly string[] {
  const names = readdirSync(FOLDER).map((file) => file.replace(/\.yaml$/, ""));
  return [FIRST, ...names.filter((name) => name !== "transport" && name !== FIRST).toSorted()];
}

/** What stands for `${ADDRESS}` and its like in one run. */
export type Places = { readonly [placeholder: string]: string };

/** The recording with its placeholders filled in; those that differ from run to run stay. */
export function readRecording(name: string, places: Places): Recording {
  const content: Omit<Recording, "name"> = parse(readFileSync(new URL(`${name}.yaml`, FOLDER), "utf8"));
  const filled = JSON.stringify(filledIn(JSON.parse(JSON.stringify(content)), places));
  return { name, ...JSON.parse(filled) };
}

export const readTransport = (): { readonly types: { readonly [type: string]: { readonly [field: string]: string } } } =>
  parse(readFileSync(new URL("transport.yaml", FOLDER), "utf8"));

function filledIn(value: Json, places: Places): Json {
  if (typeof value === "string") return filledText(value, places);
  if (isArray(value)) return value.map((item) => filledIn(item, places));
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filledIn(inner, places)])) : value;
}

const hash = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest("hex");

function filledText(text: string, places: Places): string {
  const inner = text.replace(/\$\{([A-Z_]+)\}/g, (whole, name: string) => places[name] ?? whole);
  return inner
    .replace(/\$\{SHA1:([^}]*)\}/g, (_, hashed: string) => hash("sha1", hashed))
    .replace(/\$\{FIRST_16_BYTES_OF_SHA256:([^}]*)\}/g, (_, hashed: string) => hash("sha256", hashed).slice(0, 32))
    .replace(/\$\{REPEAT:("(?:[^"\\]|\\.)*"):(\d+)\}/g, (_, part: string, count: string) => String(JSON.parse(part)).repeat(Number(count)))
    .replace(/\$\{(\w):(\d+)\}/g, (_, letter: string, count: string) => letter.repeat(Number(count)));
}
