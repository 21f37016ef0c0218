import { type Manifest, versionOf } from "../../domain/manifest.ts";
import { noMatchMessage, successorGroup } from "../../plan/removed-versions.ts";
import type { Refusal } from "../../ports/cluster.ts";
import type { Kinds } from "../../ports/kinds.ts";
import { refusalText } from "./refusal-text.ts";

/** What is said of an object whose dry-run was refused; of a kind that is not served, with the version to use instead. */
export async function dryRunRefusal(kinds: Kinds, desired: Manifest, refusal: Refusal): Promise<string> {
  if (refusal.why !== "unknown-kind") return refusalText(desired, refusal, "dry-run");
  const { kind, apiVersion } = desired;
  const served = await kinds.versions(successorGroup(kind, apiVersion), kind);
  return refusalText(desired, { ...refusal, message: noMatchMessage(kind, apiVersion, served.map(versionOf)) }, "dry-run");
}
