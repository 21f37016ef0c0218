import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { ApiResponse } from "./request.ts";

export type Cause = { readonly reason?: string; readonly message?: string; readonly field?: string };

export type StatusDetails = {
  readonly name?: string;
  readonly group?: string;
  /** The plural (`deployments`), or the kind where validation speaks. */
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
};

/** A refusal, as the API server words it: the content of a metav1.Status with `status: Failure`. */
export type Failure = { readonly code: number; readonly reason: string; readonly message: string; readonly details?: StatusDetails };

/** What names a resource in messages: `deployments.apps`, `pods`. */
export type GroupResource = { readonly group: string; readonly plural: string };
export const resourceText = ({ group, plural }: GroupResource): string => (group === "" ? plural : `${plural}.${group}`);

const about = ({ group, plural }: GroupResource, name: string): StatusDetails => ({
  ...(name !== "" && { name }),
  ...(group !== "" && { group }),
  kind: plural,
});

export const notFound = (resource: GroupResource, name: string): Failure => ({
  code: 404,
  reason: "NotFound",
  message: `${resourceText(resource)} ${quoted(name)} not found`,
  details: about(resource, name),
});

export const alreadyExists = (resource: GroupResource, name: string): Failure => ({
  code: 409,
  reason: "AlreadyExists",
  message: `${resourceText(resource)} ${quoted(name)} already exists`,
  details: about(resource, name),
});

export const forbidden = (resource: GroupResource, name: string, why: string): Failure => ({
  code: 403,
  reason: "Forbidden",
  message: name === "" ? `${resourceText(resource)} is forbidden: ${why}` : `${resourceText(resource)} ${quoted(name)} is forbidden: ${why}`,
  details: about(resource, name),
});

export const conflict = (resource: GroupResource, name: string, why: string): Failure => ({
  code: 409,
  reason: "Conflict",
  message: `Operation cannot be fulfilled on ${resourceText(resource)} ${quoted(name)}: ${why}`,
  details: about(resource, name),
});

/** `kind` is the Kind, not the plural, as in the server's own. */
export function invalid(group: string, kind: string, name: string, why: string, causes: readonly Cause[]): Failure {
  const subject = group === "" ? kind : `${kind}.${group}`;
  return {
    code: 422,
    reason: "Invalid",
    message: `${subject} ${quoted(name)} is invalid${why === "" ? "" : `: ${why}`}`,
    details: { ...(name !== "" && { name }), ...(group !== "" && { group }), kind, ...(causes.length > 0 && { causes }) },
  };
}

export const badRequest = (message: string): Failure => ({ code: 400, reason: "BadRequest", message });
export const unauthorized: Failure = { code: 401, reason: "Unauthorized", message: "Unauthorized" };
export const unsupportedMediaType = (message: string): Failure => ({ code: 415, reason: "UnsupportedMediaType", message });
export const notAcceptable = (message: string): Failure => ({ code: 406, reason: "NotAcceptable", message });
export const expired = (message: string): Failure => ({ code: 410, reason: "Expired", message });
export const tooLarge = (message: string): Failure => ({ code: 413, reason: "RequestEntityTooLarge", message });

/** The failure as a v1 Status. */
export function statusBody({ code, reason, message, details }: Failure): JsonObject {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    ...(reason !== "" && { reason }),
    ...(details !== undefined && { details: { ...details } }),
    code,
  };
}

export function fail(failure: Failure): ApiResponse {
  const after = failure.details?.retryAfterSeconds;
  return { kind: "json", code: failure.code, body: statusBody(failure), ...(after !== undefined && { headers: { "Retry-After": String(after) } }) };
}

/** As Go's %q writes plain text. */
const quoted = (name: string): string => JSON.stringify(name);
