import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { type EpochMs, epochMs, formatTime } from "@sluice/engine/domain/time.ts";
import { specOf } from "../authorization/access-review.ts";
import { textAt, textsAt } from "../authorization/user-info.ts";
import { type ApiResponse, json } from "../http/request.ts";
import { type Cause, conflict, type Failure, fail, invalid, notFound } from "../http/status.ts";
import type { Store } from "../storage/store.ts";
import { type BoundObject, ISSUER, type TokenIssuer } from "./tokens.ts";

const API_VERSION = "authentication.k8s.io/v1";
const TEN_MINUTES = 600;
const LONGEST = 2 ** 32;
const serviceAccounts = { group: "", plural: "serviceaccounts" };
const BINDABLE = { Pod: "pods", Secret: "secrets" } as const;

/** POST to `serviceaccounts/<name>/token`: a new token for that service account. Source: registry/core/serviceaccount TokenREST. */
export function requestToken(
  place: { readonly namespace: string; readonly name: string },
  body: Json,
  deps: { readonly store: Pick<Store, "get">; readonly tokens: Pick<TokenIssuer, "issue">; readonly now: () => EpochMs },
): ApiResponse {
  const account = deps.store.get(serviceAccounts, place.namespace, place.name);
  if (account === undefined) return fail(notFound(serviceAccounts, place.name));

  const spec = specOf(body);
  const seconds = typeof spec.expirationSeconds === "number" ? spec.expirationSeconds : 3600;
  const wrong = problemWith(seconds);
  if (wrong !== undefined) return fail(invalid("authentication.k8s.io", "TokenRequest", "", `${wrong.field}: ${wrong.message}`, [wrong]));

  const bound = boundObject(spec, place.namespace, deps.store);
  if (bound.kind === "refused") return fail(bound.failure);

  const given = textsAt(spec, "audiences");
  const audiences = given.length === 0 ? [ISSUER] : given;
  const uid = account.metadata.uid ?? "";
  const token = deps.tokens.issue({ ...place, uid, audiences, seconds, ...(bound.object !== undefined && { bound: bound.object }) });
  const now = deps.now();
  return json(201, {
    kind: "TokenRequest",
    apiVersion: API_VERSION,
    metadata: { name: place.name, namespace: place.namespace, uid, creationTimestamp: formatTime(now) },
    spec: { audiences: [...audiences], expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: { token, expirationTimestamp: formatTime(epochMs(now + seconds * 1000)) },
  });
}

function problemWith(seconds: number): Cause | undefined {
  const cause = (why: string): Cause => ({ reason: "FieldValueInvalid", message: `Invalid value: ${seconds}: ${why}`, field: "spec.expirationSeconds" });
  if (seconds < TEN_MINUTES) return cause("may not specify a duration less than 10 minutes");
  return seconds > LONGEST ? cause("may not specify a duration larger than 2^32 seconds") : undefined;
}

type Bound = { readonly kind: "fine"; readonly object: BoundObject | undefined } | { readonly kind: "refused"; readonly failure: Failure };

function boundObject(spec: JsonObject, namespace: string, store: Pick<Store, "get">): Bound {
  const reference = spec.boundObjectRef;
  if (!isObject(reference)) return { kind: "fine", object: undefined };
  const kind = textAt(reference, "kind");
  const name = textAt(reference, "name");
  if (kind !== "Pod" && kind !== "Secret")
    return {
      kind: "refused",
      failure: {
        code: 400,
        reason: "BadRequest",
        message: `cannot bind token for serviceaccount to object of type ${textAt(reference, "apiVersion")}, Kind=${kind}`,
      },
    };
  const resource = { group: "", plural: BINDABLE[kind] };
  const object = store.get(resource, namespace, name);
  if (object === undefined) return { kind: "refused", failure: notFound(resource, name) };
  const uid = object.metadata.uid ?? "";
  const wanted = textAt(reference, "uid");
  if (wanted !== "" && wanted !== uid) {
    const why = `the UID in the bound object reference (${wanted}) does not match the UID in record. The object might have been deleted and then recreated`;
    return { kind: "refused", failure: conflict(resource, name, why) };
  }
  return { kind: "fine", object: { kind, name, uid } };
}
