import { gunzipSync, gzipSync } from "node:zlib";
import type { HelmHook, HelmReleaseInfo, HelmReleaseStatus, HelmStoredRelease } from "../domain/helm-release.ts";
import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import { RELEASE } from "./field-orders.ts";
import { goJson } from "./go-json.ts";

/** What a release may be when it is unpacked. Secrets hold 1 MiB; text of charts is packed about 10 to 1. */
const MOST_BYTES = 64 << 20;

const decoder = new TextDecoder("utf-8", { fatal: true });

/** The release as it stands under `release` in Helm's Secret, before Kubernetes' own base64: base64(gzip(JSON)). Source: Helm 4, pkg/storage/driver/util.go. */
export const encodeRelease = (release: HelmStoredRelease): string => gzipSync(releaseJson(release), { level: 9 }).toString("base64");

/** The JSON of it, as Go writes it: a manifest without objects and a list without hooks are left out. Recorded: crds-policies. */
export function releaseJson({ manifest, hooks = [], ...release }: HelmStoredRelease): string {
  return goJson({ ...release, ...(manifest !== "" && { manifest }), ...(hooks.length > 0 && { hooks }) } as JsonObject, RELEASE);
}

/** The release out of the text under `release`, or why it is none. Fields that are not known to us are kept. What was made before Helm 3 packed it is plain JSON. */
export function decodeRelease(text: string): Result<HelmStoredRelease> {
  const bytes = Buffer.from(text, "base64");
  const json = unpack(bytes);
  if (!json.ok) return json;
  const parsed = parseJson(json.value);
  return parsed.ok ? readRelease(parsed.value) : parsed;
}

function unpack(bytes: Uint8Array): Result<Uint8Array> {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
  if (!isPacked) return bytes.length > MOST_BYTES ? problem("the release is too large") : ok(bytes);
  try {
    return ok(gunzipSync(bytes, { maxOutputLength: MOST_BYTES }));
  } catch (error) {
    const tooLarge = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    return problem(tooLarge ? `the release expands to more than ${MOST_BYTES} bytes` : "the release is not gzip");
  }
}

function parseJson(bytes: Uint8Array): Result<Json> {
  try {
    return ok(JSON.parse(decoder.decode(bytes)) as Json);
  } catch {
    return problem("the release is not JSON");
  }
}

/** Every field that we go by is checked; all others are taken over as they are. */
function readRelease(value: Json): Result<HelmStoredRelease> {
  if (!isObject(value)) return problem("the release is no map");
  const { name, namespace, version, info, chart, config, manifest, hooks, apply_method, ...more } = value;
  if (typeof name !== "string" || name === "") return problem("the release has no name");
  if (typeof version !== "number" || !Number.isSafeInteger(version)) return problem("the release has no version");
  if (!isObject(info)) return problem("the release has no info");
  return ok({
    ...more,
    name,
    namespace: textOf(namespace),
    version,
    info: readInfo(info),
    chart: isObject(chart) ? chart : {},
    manifest: textOf(manifest),
    ...(isObject(config) && { config }),
    ...(isArray(hooks) && { hooks: hooks.flatMap(readHook) }),
    ...((apply_method === "ssa" || apply_method === "csa") && { apply_method }),
  });
}

const STATUSES: readonly HelmReleaseStatus[] = [
  "unknown",
  "deployed",
  "uninstalled",
  "superseded",
  "failed",
  "uninstalling",
  "pending-install",
  "pending-upgrade",
  "pending-rollback",
];

/** Helm 3 writes times that are none as `""`. */
function readInfo(info: JsonObject): HelmReleaseInfo {
  const { first_deployed, last_deployed, deleted, description, notes, ...more } = info;
  return {
    ...more,
    ...texts({ first_deployed, last_deployed, deleted, description, notes }),
    status: STATUSES.find((one) => one === info.status) ?? "unknown",
  };
}

const PHASES = ["", "Unknown", "Running", "Succeeded", "Failed"] as const;

function readHook(hook: Json): readonly HelmHook[] {
  if (!isObject(hook)) return [];
  const { weight, delete_policies, output_log_policies, ...more } = hook;
  const run = isObject(hook.last_run) ? hook.last_run : {};
  const { started_at, completed_at, ...rest } = run;
  return [
    {
      ...more,
      name: textOf(hook.name),
      kind: textOf(hook.kind),
      path: textOf(hook.path),
      manifest: textOf(hook.manifest),
      events: isArray(hook.events) ? hook.events.flatMap((event) => EVENTS.filter((one) => one === event)) : [],
      last_run: {
        ...rest,
        ...texts({ started_at, completed_at }),
        phase: PHASES.find((one) => one === run.phase) ?? "",
      },
      ...(typeof weight === "number" && weight !== 0 && { weight }),
      ...(isArray(delete_policies) && { delete_policies: delete_policies.filter(isText) }),
      ...(isArray(output_log_policies) && { output_log_policies: output_log_policies.filter(isText) }),
    },
  ];
}

const EVENTS: HelmHook["events"] = [
  "pre-install",
  "post-install",
  "pre-delete",
  "post-delete",
  "pre-upgrade",
  "post-upgrade",
  "pre-rollback",
  "post-rollback",
  "test",
];

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const isText = (value: Json): value is string => typeof value === "string";

/** Those of the fields that are texts and say something. */
const texts = <Key extends string>(fields: { readonly [K in Key]: Json | undefined }): { readonly [K in Key]?: string } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === "string" && value !== "")) as { readonly [K in Key]?: string };
