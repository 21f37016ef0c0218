import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { conditionsOf } from "@sluice/engine/flux/object.ts";
import { Failure } from "./failure.ts";

export type StatusSelector = (object: Manifest) => boolean;

/** `ready=false`, `Ready!=True`: names and states in any case. Alerts and Providers have no status and count as ready. Source: reference 6.4. */
export function parseStatusSelector(text: string): StatusSelector {
  const separator = text.includes("!=") ? "!=" : "=";
  const at = text.indexOf(separator);
  if (at < 0) throw new Failure(`expected status selector in type=status or type!=status format, but found: ${text}`);
  const type = text.slice(0, at).toLowerCase();
  const status = text.slice(at + separator.length).toLowerCase();
  const wanted = separator === "=";
  return (object) => matches(object, type, status) === wanted;
}

function matches(object: Manifest, type: string, status: string): boolean {
  if (object.kind === "Alert" || object.kind === "Provider") return type === "ready" && status === "true";
  return (
    conditionsOf(object)
      .findLast((condition) => condition.type.toLowerCase() === type)
      ?.status.toLowerCase() === status
  );
}
