import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { Writing } from "../resources/context.ts";
import { invalidOptions } from "../resources/failures.ts";
import type { Removal } from "../resources/remove.ts";
import { type FieldError, forbidden, notSupported, required, tooLong } from "../schema/field-error.ts";
import { isOn } from "./request-info.ts";
import { badRequest, type Failure } from "./status.ts";

export type ListOptions = {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly limit: number;
  readonly continueToken: string;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly watch: boolean;
  readonly allowWatchBookmarks: boolean;
  readonly sendInitialEvents: boolean;
  readonly timeoutSeconds: number | undefined;
};

export function parseListOptions(query: URLSearchParams): Result<ListOptions, Failure> {
  const text = (name: string): string => query.get(name) ?? "";
  for (const name of ["limit", "timeoutSeconds"]) {
    if (text(name) !== "" && !/^[+-]?\d+$/.test(text(name)))
      return problem(badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text(name))}: invalid syntax`));
  }
  const options: ListOptions = {
    labelSelector: text("labelSelector"),
    fieldSelector: text("fieldSelector"),
    limit: Number(text("limit")),
    continueToken: text("continue"),
    resourceVersion: text("resourceVersion"),
    resourceVersionMatch: text("resourceVersionMatch"),
    watch: isOn(query.get("watch")),
    allowWatchBookmarks: isOn(query.get("allowWatchBookmarks")),
    sendInitialEvents: isOn(query.get("sendInitialEvents")),
    timeoutSeconds: text("timeoutSeconds") === "" ? undefined : Number(text("timeoutSeconds")),
  };
  const errors = listErrors(options, query.has("sendInitialEvents"));
  return errors.length === 0 ? ok(options) : problem(invalidOptions("ListOptions", errors));
}

/** Source: apimachinery internalversion validation ValidateListOptions. */
function listErrors(options: ListOptions, asksInitialEvents: boolean): readonly FieldError[] {
  const { watch, resourceVersion, resourceVersionMatch: match, continueToken } = options;
  if (asksInitialEvents) {
    if (!watch) return [forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list")];
    if (match !== "NotOlderThan") return [forbidden("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")];
    return [];
  }
  if (match === "") return [];
  if (watch) return [forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")];
  if (resourceVersion === "") return [forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided")];
  if (continueToken !== "") return [forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided")];
  if (match !== "Exact" && match !== "NotOlderThan") return [notSupported("resourceVersionMatch", match, ["Exact", "NotOlderThan", ""])];
  if (match === "Exact" && resourceVersion === "0")
    return [forbidden("resourceVersionMatch", 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"')];
  return [];
}

export type WriteOptions = Omit<Writing, "warn"> & { readonly force: boolean };

const VALIDATIONS = ["Strict", "Warn", "Ignore"] as const;
const MAX_MANAGER = 128;

/** `kind`: CreateOptions, UpdateOptions or PatchOptions. `apply`: a server-side apply. Source: apimachinery meta/v1 validation. */
export function parseWriteOptions(
  query: URLSearchParams,
  kind: "CreateOptions" | "UpdateOptions" | "PatchOptions",
  userAgent: string,
  apply = false,
): Result<WriteOptions, Failure> {
  const manager = query.get("fieldManager") ?? "";
  const dryRun = query.getAll("dryRun");
  const force = query.get("force");
  const validation = query.get("fieldValidation") ?? "";
  const known = VALIDATIONS.find((name) => name === validation);
  const errors: FieldError[] = [];
  if (kind === "PatchOptions" && !apply && force !== null) errors.push(forbidden("force", "may not be specified for non-apply patch"));
  if (apply && manager === "") errors.push(required("fieldManager", "is required for apply patch"));
  if (manager.length > MAX_MANAGER) errors.push(tooLong("fieldManager", MAX_MANAGER));
  if (dryRun.some((value) => value !== "All")) errors.push(notSupported("dryRun", dryRun, ["All"]));
  if (known === undefined && validation !== "") errors.push(notSupported("fieldValidation", validation, ["", "Ignore", "Strict", "Warn"]));
  if (errors.length > 0) return problem(invalidOptions(kind, errors));
  return ok({ manager: manager === "" ? managerOf(userAgent) : manager, dryRun: dryRun.length > 0, fieldValidation: known ?? "Warn", force: isOn(force) });
}

/** `kubectl/v1.35 (linux)` → `kubectl`. Source: apiserver handlers managerOrUserAgent. */
export const managerOf = (userAgent: string): string => userAgent.split("/")[0]?.slice(0, MAX_MANAGER) || "unknown";

const POLICIES = ["Orphan", "Background", "Foreground"] as const;

/** From the body when there is one, and then from it alone, otherwise from the query. */
export function parseDeleteOptions(body: Json | undefined, query: URLSearchParams): Result<Removal, Failure> {
  const given = isObject(body) ? body : undefined;
  const policyText = given === undefined ? (query.get("propagationPolicy") ?? "") : (given.propagationPolicy ?? "");
  const policy = POLICIES.find((name) => name === policyText);
  const dryRun = given === undefined ? query.getAll("dryRun") : isArray(given.dryRun) ? given.dryRun : [];
  const grace = given === undefined ? query.get("gracePeriodSeconds") : given.gracePeriodSeconds;
  const preconditions = isObject(given?.preconditions) ? given.preconditions : {};
  const orphan = given?.orphanDependents ?? (query.has("orphanDependents") ? isOn(query.get("orphanDependents")) : undefined);
  const errors: FieldError[] = [];
  if (orphan !== undefined && policyText !== "") errors.push(forbidden("propagationPolicy", "orphanDependents and deletionPropagation cannot be both set"));
  if (policy === undefined && policyText !== "") errors.push(notSupported("propagationPolicy", policyText, ["Foreground", "Background", "Orphan", "nil"]));
  if (dryRun.some((value) => value !== "All")) errors.push(notSupported("dryRun", dryRun, ["All"]));
  if (errors.length > 0) return problem(invalidOptions("DeleteOptions", errors));
  const { uid, resourceVersion } = preconditions;
  const chosen = policy ?? (orphan === true ? "Orphan" : orphan === false ? "Background" : undefined);
  return ok({
    dryRun: dryRun.length > 0,
    ...(chosen !== undefined && { propagationPolicy: chosen }),
    ...(grace !== undefined && grace !== null && { gracePeriodSeconds: Number(grace) }),
    preconditions: { ...(typeof uid === "string" && { uid }), ...(typeof resourceVersion === "string" && { resourceVersion }) },
  });
}
