import { hideValues } from "../../../build/hide-secrets.ts";
import { jsonOf } from "../../../domain/manifest-json.ts";
import { secretValuesIn, secretValuesOfRelease } from "../../../release/secret-values.ts";
import type { ActionEnd } from "../action.ts";
import type { Run } from "./run.ts";

const HIDDEN = "*****";

type Failed = Extract<ActionEnd, { readonly kind: "failed" }>;

/**
 * A failure without the values of Secrets that this call has met: a chart may say in its own words (`fail`, `required`) what it has looked up, and a server quotes what it
 * refuses, in whatever object a password stands. Helm and Flux show them. What comes out of `valuesFrom` is hidden by who composed it.
 */
export function withoutSecrets(run: Run, end: Failed): Failed {
  const read = [...run.read.values()].flat().map(({ manifest }) => jsonOf(manifest));
  const releases = run.stored === undefined ? end.releases : [run.stored.release, ...end.releases];
  const values = [...run.lookedUp, ...secretValuesIn(read), ...releases.flatMap(secretValuesOfRelease)];
  if (values.length === 0) return end;
  const hide = (text: string): string => hideValues(text, values, HIDDEN);
  return { ...end, message: hide(end.message), logs: end.logs.map(hide) };
}
