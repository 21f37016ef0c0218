import { isObject, type Json } from "../domain/json.ts";

/** On the Secret of a release that we are in the middle of an action on; helm does not read it, and the last step removes it. */
export const PROGRESS_ANNOTATION = "sluice.dev/action";

/** The annotation's JSON. `action`: what is being done; `step`: which part of it, in the words of the action's own table; `since`, `began`: RFC 3339. */
export type ReleaseProgress = {
  readonly action: "install" | "upgrade" | "rollback" | "uninstall" | "uninstall-remediation" | "test";
  readonly step: string;
  readonly since: string;
  readonly began: string;
  readonly [more: string]: string | number | boolean;
};

const ACTIONS: readonly ReleaseProgress["action"][] = ["install", "upgrade", "rollback", "uninstall", "uninstall-remediation", "test"];

export const formatProgress = (progress: ReleaseProgress): string => JSON.stringify(progress);

/** Undefined when there is none, or when what stands there is none of ours: then the release is one that somebody else has left. */
export function parseProgress(text: string | undefined): ReleaseProgress | undefined {
  const value = text === undefined ? undefined : parseJson(text);
  if (!isObject(value)) return undefined;
  const { action, step, since, began, ...more } = value;
  const known = ACTIONS.find((one) => one === action);
  if (known === undefined || typeof step !== "string" || typeof since !== "string" || typeof began !== "string") return undefined;
  return { ...plainOf(more), action: known, step, since, began };
}

const plainOf = (more: { readonly [key: string]: Json }): { readonly [key: string]: string | number | boolean } =>
  Object.fromEntries(Object.entries(more).flatMap(([key, value]) => (typeof value === "object" ? [] : [[key, value] as const])));

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
