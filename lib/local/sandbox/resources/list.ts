import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { ListOptions } from "../http/options.ts";
import { scanJson } from "../http/scan-json.ts";
import { badRequest, expired, type Failure } from "../http/status.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { type Memory, storageKey } from "../storage/memory.ts";
import type { Resource } from "../storage/store.ts";
import { badBase64At } from "./base64.ts";
import type { Answer, Cluster, Target } from "./context.ts";
import { type Match, parseFieldSelector, parseLabelSelector } from "./selectors.ts";
import type { Views } from "./views.ts";

export type Page = { readonly items: readonly Manifest[]; readonly resourceVersion: string; readonly continueToken: string; readonly remaining: number };

const OLD_TOKEN =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

/** What both selectors let through, of objects in the version of the kind. */
export function parseSelectors(
  kind: ResourceKind,
  { labelSelector, fieldSelector }: Pick<ListOptions, "labelSelector" | "fieldSelector">,
): Result<Match, Failure> {
  const labels = parseLabelSelector(labelSelector);
  if (!labels.ok) return problem(badRequest(labels.problem));
  const fields = parseFieldSelector(kind, fieldSelector);
  if (!fields.ok) return problem(badRequest(fields.problem));
  if (labelSelector === "" && fieldSelector === "") return ok(() => true);
  return ok((object) => labels.value(object) && fields.value(object));
}

export function listPage({ memory, views }: Cluster & { readonly views: Views }, { kind, resource, namespace }: Target, options: ListOptions): Answer<Page> {
  const match = parseSelectors(kind, options);
  if (!match.ok) return match;
  const revision = memory.revision();
  const stale = revisionProblem(options, revision, memory.changesAfter(Number(options.resourceVersion) || 0, resource) === undefined);
  if (stale !== undefined) return problem(stale);
  const token = parseToken(options.continueToken);
  if (!token.ok) return token;
  if (token.value !== undefined && memory.changesAfter(token.value.revision, resource) === undefined) return problem(expired(OLD_TOKEN));
  const start = token.value?.start ?? "";
  const held = token.value === undefined ? memory.list(resource, namespace) : listAt(memory, resource, namespace, token.value.revision);
  const found = held
    .filter((object) => keyOf(object) >= start)
    .map((object) => views.in(kind, object))
    .filter(match.value);
  const resourceVersion = String(token.value?.revision ?? revision);
  const last = options.limit > 0 && found.length > options.limit ? found[options.limit - 1] : undefined;
  if (last === undefined) return ok({ items: found, resourceVersion, continueToken: "", remaining: 0 });
  const selective = options.labelSelector !== "" || options.fieldSelector !== "";
  return ok({
    items: found.slice(0, options.limit),
    resourceVersion,
    continueToken: makeToken(Number(resourceVersion), `${keyOf(last)}\0`),
    // How many are left is not known where a selector picks.
    remaining: selective ? 0 : found.length - options.limit,
  });
}

/** The objects as they were at a revision that the history still reaches: later pages show what the first one saw. */
function listAt(memory: Memory, resource: Resource, namespace: string, revision: number): readonly Manifest[] {
  const objects = new Map(memory.list(resource).map((object) => [keyOf(object), object]));
  for (const { object, before } of (memory.changesAfter(revision, resource) ?? []).toReversed()) {
    if (before === undefined) objects.delete(keyOf(object));
    else objects.set(keyOf(object), before);
  }
  const all = [...objects].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  return namespace === "" ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
}

const keyOf = ({ metadata }: Manifest): string => storageKey(metadata.namespace ?? "", metadata.name ?? "");

function revisionProblem(options: ListOptions, revision: number, forgotten: boolean): Failure | undefined {
  const { resourceVersion, resourceVersionMatch, continueToken } = options;
  if (resourceVersion === "") return undefined;
  if (!/^\d+$/.test(resourceVersion)) return badRequest(`invalid resource version: ${invalidRevision(resourceVersion).message}`);
  if (continueToken !== "" && resourceVersion !== "0") return badRequest("specifying resource version is not allowed when using continue");
  const asked = Number(resourceVersion);
  if (asked > revision) {
    const cause = { reason: "ResourceVersionTooLarge", message: "Too large resource version" };
    return {
      code: 504,
      reason: "Timeout",
      message: `Timeout: Too large resource version: ${asked}, current: ${revision}`,
      details: { causes: [cause], retryAfterSeconds: 1 },
    };
  }
  // Only the newest state is held: any older exact one is as if compacted.
  if (resourceVersionMatch === "Exact" && (forgotten || asked !== revision)) return expired("The resourceVersion for the provided list is too old.");
  return undefined;
}

export const invalidRevision = (text: string): Failure => ({
  code: 500,
  reason: "",
  message: `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
});

type Token = { readonly revision: number; readonly start: string };

const makeToken = (revision: number, start: string): string => Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start })).toString("base64url");

function parseToken(text: string): Answer<Token | undefined> {
  if (text === "") return ok(undefined);
  const bad = (why: string): Answer<never> => problem(badRequest(`invalid continue token: continue key is not valid: ${why}`));
  const wrong = badBase64At(text.replaceAll("-", "+").replaceAll("_", "/"), false);
  if (wrong !== undefined) return bad(`illegal base64 data at input byte ${wrong}`);
  const decoded = Buffer.from(text, "base64url");
  const scan = scanJson(decoded.toString("latin1"));
  if (!scan.ok) return bad(scan.problem);
  try {
    const parsed: unknown = JSON.parse(decoded.toString("utf8"));
    if (
      typeof parsed === "object" &&
      parsed !== null &&
      "rv" in parsed &&
      "start" in parsed &&
      typeof parsed.rv === "number" &&
      typeof parsed.start === "string"
    ) {
      return ok({ revision: parsed.rv, start: parsed.start });
    }
  } catch {
    // said below
  }
  return bad("server does not recognize this encoded version ");
}
