import type { Json } from "@sluice/engine/domain/json.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";
import { withoutSecrets } from "./without-secrets.ts";

export type LogFields = { readonly [field: string]: Json | undefined };

export type LogEntry = {
  readonly level: "info" | "error";
  readonly at: EpochMs;
  readonly message: string;
  readonly fields: LogFields;
};

/** A stack, a server's words: enough to understand, too little to fill a log with. */
const MAX_TEXT = 8192;

/**
 * One line of JSON, with the fields that Flux's controllers write, so that `sluice logs` and whoever reads Flux's logs read these; without the line
 * break. `groupOf` knows the API group of a Flux kind. The local mode and the functions write the same lines. Source: reference 6.7, 8.
 */
export function renderLogEntry({ level, at, message, fields }: LogEntry, groupOf: (kind: string) => string | undefined): string {
  const { object, ...rest } = fields;
  const line = { level, ts: new Date(at).toISOString(), msg: message, ...named(object, groupOf), ...rest };
  return JSON.stringify(line, (_, value: unknown) => (typeof value === "string" ? shownText(value) : value));
}

/** `Kustomization/apps/web`, with the cluster before it or not, as the fields by which Flux's logs name an object. */
function named(object: Json | undefined, groupOf: (kind: string) => string | undefined): LogFields {
  if (typeof object !== "string") return {};
  const [controllerKind = "", namespace = "", name = ""] = object.split("/").slice(-3);
  const controllerGroup = groupOf(controllerKind);
  if (controllerGroup === undefined) return { object };
  return { controller: controllerKind.toLowerCase(), controllerGroup, controllerKind, namespace, name };
}

/** A text as it may be shown. Only what may be left of it after the cut is searched, with room for secrets that lie across the end. */
export function shownText(text: string): string {
  const searched = withoutSecrets(text.slice(0, 4 * MAX_TEXT));
  return searched.length <= MAX_TEXT ? searched : `${searched.slice(0, MAX_TEXT)}… (cut: ${text.length} characters in all)`;
}

/** What an error says, as far as it may be logged: never its other fields, which hold requests and responses in the SDKs' errors. */
export const errorText = (error: unknown): string => shownText(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
