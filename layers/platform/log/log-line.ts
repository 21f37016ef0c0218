import type { Json } from "@sluice/engine/domain/json.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";

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

/**
 * What gives access has no business in a text that is logged, and nothing of ours puts it there. This is the net below: a token of EKS, a presigned URL,
 * an authorization header or a signature that somebody else's error message repeats.
 */
const CREDENTIALS: readonly (readonly [RegExp, string])[] = [
  [/k8s-aws-v1\.[\w-]+/g, "k8s-aws-v1.***"],
  [/(X-Amz-(?:Security-Token|Signature|Credential)=)[^&\s"]+/gi, "$1***"],
  [/\b(Bearer|Basic) +[\w.~+/=-]{16,}/gi, "$1 ***"],
  [/\b(sha256=)[0-9a-f]{64}\b/gi, "$1***"],
  [/(:\/\/)[^/@\s]+@/g, "$1***@"],
];

/** A text as it may be shown. */
export const shownText = (text: string): string => cut(CREDENTIALS.reduce((rest, [pattern, mask]) => rest.replace(pattern, mask), text));

const cut = (text: string): string => (text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}… (${text.length - MAX_TEXT} more)`);

/** What an error says, as far as it may be logged: never its other fields, which hold requests and responses in the SDKs' errors. */
export const errorText = (error: unknown): string => shownText(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
