import { readdirSync, readFileSync } from "node:fs";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { parse } from "yaml";
import { brokenToken, signedToken } from "./issuer.ts";

const FOLDER = new URL("../../conformance/notifications/receivers/", import.meta.url);

export type RecordedRequest = {
  readonly what?: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: { readonly [name: string]: string };
  readonly json?: Json;
  readonly body?: string;
  readonly jwt?: JsonObject;
  readonly answer: { readonly status: number; readonly body?: string; readonly location?: string };
  readonly annotated?: readonly string[];
};

export type RecordedStatus = { readonly [field: string]: Json };
export type RecordedEvent = { readonly type: string; readonly reason: string; readonly message: string };

export type Recording = {
  readonly given: {
    readonly receiver: { readonly name: string; readonly namespace: string; readonly spec: JsonObject };
    readonly secret?: { readonly [key: string]: string };
  };
  readonly status?: RecordedStatus;
  readonly finalizers?: readonly string[];
  readonly events?: readonly RecordedEvent[];
  readonly requests: readonly RecordedRequest[];
};

/** The names of all recordings of receivers. */
export const recordingNames = (): readonly string[] => readdirSync(FOLDER).map((file) => file.replace(".yaml", ""));

/** With `${ISSUER}` filled in. */
export const readRecording = (name: string, issuer = ""): unknown =>
  parse(readFileSync(new URL(`${name}.yaml`, FOLDER), "utf8").replaceAll(`\${ISSUER}`, issuer));

/** `"${NOW + 1 h}"` in seconds since 1970; anything else as it is. */
function timed(value: Json, now: number): Json {
  const [, sign, hours] = typeof value === "string" ? (/^\$\{NOW(?: ([+-]) (\d+) h)?\}$/.exec(value) ?? []) : [];
  if (typeof value !== "string" || !value.startsWith(`\${NOW`)) return value;
  return Math.floor(now / 1000) + (sign === "-" ? -1 : 1) * Number(hours ?? 0) * 3600;
}

/** The request as it is sent, at `now` (milliseconds), to a Receiver with that path. */
export function requestOf({ what = "", method = "POST", path, headers = {}, json, body, jwt }: RecordedRequest, webhookPath: string, now: number) {
  const claims = Object.fromEntries(Object.entries(jwt ?? {}).map(([name, value]) => [name, timed(value, now)]));
  const token = what === "a broken signature" ? brokenToken(claims) : signedToken(claims);
  const [, bytes] = /^\$\{(\d+) bytes\}$/.exec(body ?? "") ?? [];
  const text = bytes !== undefined ? "x".repeat(Number(bytes)) : json !== undefined ? JSON.stringify(json) : (body ?? "");
  return {
    method,
    path: path.replace(`\${PATH}`, webhookPath),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace(`\${JWT}`, token)])),
    body: Buffer.from(text),
  };
}
