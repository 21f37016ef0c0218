import type { HelmHook, HelmHookEvent } from "../../../domain/helm-release.ts";
import type { Head } from "../manifest/head.ts";

/** The annotations by which an object becomes a hook. Source: Helm 4, pkg/release/v1/hook.go. */
export const HOOK = "helm.sh/hook";
const WEIGHT = "helm.sh/hook-weight";
const DELETE_POLICY = "helm.sh/hook-delete-policy";
const OUTPUT_LOG_POLICY = "helm.sh/hook-output-log-policy";

const EVENTS: ReadonlyMap<string, HelmHookEvent> = new Map([
  ["pre-install", "pre-install"],
  ["post-install", "post-install"],
  ["pre-delete", "pre-delete"],
  ["post-delete", "post-delete"],
  ["pre-upgrade", "pre-upgrade"],
  ["post-upgrade", "post-upgrade"],
  ["pre-rollback", "pre-rollback"],
  ["post-rollback", "post-rollback"],
  ["test", "test"],
  // What tests were called in Helm 2.
  ["test-success", "test"],
]);

/**
 * The hook that an object is; "none" when it is none, "unknown" when it names an event that does not exist: then it is neither applied nor run.
 * Source: Helm 4, manifestFile.sort.
 */
export function hookOf({ kind, name, annotations }: Head, path: string, manifest: string): HelmHook | "none" | "unknown" {
  const written = annotations.get(HOOK);
  if (written === undefined) return "none";
  const events: HelmHookEvent[] = [];
  for (const word of listed(written)) {
    const event = EVENTS.get(word);
    if (event === undefined) return "unknown";
    events.push(event);
  }
  const weight = weightOf(annotations.get(WEIGHT) ?? "");
  const deletePolicies = policies(annotations.get(DELETE_POLICY));
  const logPolicies = policies(annotations.get(OUTPUT_LOG_POLICY));
  return {
    name,
    kind,
    path,
    manifest,
    events,
    last_run: { phase: "" },
    ...(weight !== 0 && { weight }),
    ...(deletePolicies.length > 0 && { delete_policies: deletePolicies }),
    ...(logPolicies.length > 0 && { output_log_policies: logPolicies }),
  };
}

const listed = (words: string): readonly string[] => words.split(",").map((word) => word.trim().toLowerCase());
const policies = (words: string | undefined): readonly string[] => (words === undefined ? [] : listed(words));

/** Go's strconv.Atoi; 0 for what is no whole number of 64 bits. */
function weightOf(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) return 0;
  const weight = BigInt(text.replace(/^\+/, ""));
  return BigInt.asIntN(64, weight) === weight ? Number(weight) : 0;
}
