import type { Json } from "@sluice/engine/domain/json.ts";
import type { Client } from "../cluster/client.ts";
import type { Forge } from "../git/forge.ts";
import { placeholder } from "./placeholder.ts";

/** One scenario being played, in a namespace of its own. */
export type Run = {
  readonly client: Client;
  readonly forge: Forge;
  readonly namespace: string;
  /** The scenario's text: a duration that stands in it was not measured. */
  readonly source: string;
  /** Commit id → `<label>`. */
  readonly commits: Map<string, string>;
  /** Repository → its latest commit. */
  readonly heads: Map<string, string>;
  /** `kind/name` of cluster-scoped objects that the snapshots show. */
  readonly watched: string[];
  /** `kind/name` → the last token that a reconciliation was requested with. */
  readonly requested: Map<string, string>;
  /** What the API server said to manifests that it had to refuse. */
  readonly refusals: string[];
  readonly snapshots: Map<string, Json>;
};

export const commitOf = (run: Run, label: string): string | undefined => [...run.commits].find(([, known]) => known === `<${label}>`)?.[0];

/** `${NS}`, `${GIT}` and `${COMMIT:label}` replaced. */
export const fillText = (text: string, run: Run): string =>
  text
    .replaceAll(placeholder("NS"), run.namespace)
    .replaceAll(placeholder("GIT"), run.forge.url)
    .replace(/\$\{COMMIT:([\w-]+)\}/g, (_, label: string) => commitOf(run, label) ?? label);

/** The same in every text of a value, keys too. */
export function fill(value: Json, run: Run): Json {
  if (typeof value === "string") return fillText(value, run);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => fill(item, run));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [fillText(key, run), fill(item, run)]));
}

/** `"deployment/web"` → `["deployment", "web"]`, filled. */
export function splitReference(reference: string, run: Run): readonly [kind: string, name: string] {
  const text = fillText(reference, run);
  const slash = text.indexOf("/");
  if (slash < 0) throw new Error(`not kind/name: ${reference}`);
  return [text.slice(0, slash), text.slice(slash + 1)];
}
