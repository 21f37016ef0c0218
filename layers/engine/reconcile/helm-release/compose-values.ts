import { composeParts, type ValuesPart } from "../../build/helm/values/compose.ts";
import { readValues } from "../../build/helm/values/read-values.ts";
import { jsonOfValues } from "../../build/helm/values/values.ts";
import { hideValues, secretValuesOf } from "../../build/hide-secrets.ts";
import { hideForms, leavesOf } from "../../build/secrets/forms.ts";
import { limited } from "../../build/work.ts";
import { isObject, type Json, type JsonObject } from "../../domain/json.ts";
import type { Metadata } from "../../domain/manifest.ts";
import { jsonOf } from "../../domain/manifest-json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import type { ValuesReference } from "../../flux/helm-release-object.ts";
import type { Cluster, GetAnswer } from "../../ports/cluster.ts";

/** What a HelmRelease says of its values. */
export type ValuesSpec = {
  readonly metadata: Pick<Metadata, "namespace">;
  readonly spec: { readonly values: JsonObject; readonly valuesFrom: readonly ValuesReference[] };
};

/**
 * The values, or why there are none. `integers`: JSON pointers of the numbers that are int64 in Go's templates, since a target path has set them.
 * `hidden`: what has come out of Secrets, which no message may show.
 */
export type ComposedValues = Result<JsonObject> & { readonly integers: readonly string[]; readonly hidden: readonly string[] };

const MAX_STEPS = 100_000_000;
const HIDDEN = "***";
/** Shorter numbers stand in every message. */
const SHORTEST_NUMBER = 4;

/** Reads what `spec.valuesFrom` names, as ourselves, and puts it together. Source: reference 3.1; recording values-from-missing. */
export async function composeValues(cluster: Pick<Cluster, "get">, { metadata, spec }: ValuesSpec): Promise<ComposedValues> {
  const namespace = metadata.namespace ?? "";
  const answers = await readObjects(cluster, namespace, spec.valuesFrom);
  return limited<ComposedValues>(
    MAX_STEPS,
    () => compose(namespace, spec, answers),
    () => ({ ...problem(`the values take more than ${MAX_STEPS} steps to be put together`), integers: [], hidden: [] }),
  );
}

type Answers = ReadonlyMap<string, GetAnswer>;
const keyOf = ({ kind, name }: ValuesReference): string => `${kind}/${name}`;

/** Each object once: what is taken of it is of one moment. */
async function readObjects(cluster: Pick<Cluster, "get">, namespace: string, references: readonly ValuesReference[]): Promise<Answers> {
  const wanted = new Map(references.map((reference) => [keyOf(reference), reference]));
  const read = [...wanted].map(
    async ([key, { kind, name }]): Promise<[string, GetAnswer]> => [key, await cluster.get({ apiVersion: "v1", kind, namespace, name })],
  );
  return new Map(await Promise.all(read));
}

function compose(namespace: string, { values, valuesFrom }: ValuesSpec["spec"], answers: Answers): ComposedValues {
  const hidden = hiddenOf(valuesFrom, answers);
  const failed = (message: string): ComposedValues => ({ ...problem(message), integers: [], hidden });
  const parts: (ValuesPart & { readonly reference: ValuesReference })[] = [];
  const missing = new Set<string>();
  for (const reference of valuesFrom) {
    const taken = take(reference, answers.get(keyOf(reference)), namespace, missing);
    // What comes before may be wrong already, and is said first.
    if (taken.kind === "failed") return failed(earlier(parts, values, namespace, hidden) ?? taken.message);
    if (taken.kind === "taken") parts.push({ data: taken.data, targetPath: reference.targetPath ?? "", isLiteral: reference.literal, reference });
  }
  const composed = composeParts(parts, values);
  if (!composed.ok) return failed(refusal(parts[composed.problem.part]?.reference, namespace, composed.problem.message, hidden));
  const { json, integers } = jsonOfValues(composed.value);
  return { ...ok(json), integers, hidden };
}

function earlier(
  parts: readonly (ValuesPart & { readonly reference: ValuesReference })[],
  values: JsonObject,
  namespace: string,
  hidden: readonly string[],
): string | undefined {
  const composed = composeParts(parts, values);
  return composed.ok ? undefined : refusal(parts[composed.problem.part]?.reference, namespace, composed.problem.message, hidden);
}

type Taken =
  | { readonly kind: "taken"; readonly data: string | Uint8Array }
  | { readonly kind: "skipped" }
  | { readonly kind: "failed"; readonly message: string };

/** `missing`: objects that were found to be absent before; of those less is said. */
function take(reference: ValuesReference, answer: GetAnswer | undefined, namespace: string, missing: Set<string>): Taken {
  const absent = (cause: string): Taken => (reference.optional ? { kind: "skipped" } : { kind: "failed", message: unresolved(reference, namespace, cause) });
  if (answer === undefined) return absent("resource not found");
  switch (answer.kind) {
    case "refused":
      return { kind: "failed", message: answer.message };
    case "absent": {
      const isKnown = missing.has(keyOf(reference));
      missing.add(keyOf(reference));
      return absent(isKnown ? "resource not found" : answer.message);
    }
    case "found": {
      const data = dataOf(jsonOf(answer.object));
      const text = data !== undefined && Object.hasOwn(data, reference.valuesKey) ? data[reference.valuesKey] : undefined;
      if (typeof text !== "string") return absent("key not found");
      return { kind: "taken", data: reference.kind === "Secret" ? Buffer.from(text, "base64") : text };
    }
  }
}

function dataOf(object: JsonObject): JsonObject | undefined {
  const data: Json | undefined = object.data;
  return isObject(data) ? data : undefined;
}

const unresolved = ({ kind, name, valuesKey, optional }: ValuesReference, namespace: string, cause: string): string =>
  `could not resolve${optional ? " optional" : ""} ${kind} chart values reference '${namespace}/${name}' with key '${valuesKey}': ${cause}`;

/** What is said of a text that is no values quotes pieces of it. */
function refusal(reference: ValuesReference | undefined, namespace: string, message: string, hidden: readonly string[]): string {
  if (reference === undefined) return message;
  const cause = reference.kind === "Secret" ? hideValues(message.replace(QUOTED, HIDDEN), hidden, HIDDEN) : message;
  return unresolved(reference, namespace, cause);
}

const QUOTED = /"(?:\\.|[^"\\])*"|\['.*'\]|'(?:\\.|[^'\\])*'|`[^`]*`|(?<=key: ).*|-?\d{4,}/gs;

/** All that Secrets hold: as it stands there, decoded, and each value of what is YAML. */
function hiddenOf(references: readonly ValuesReference[], answers: Answers): readonly string[] {
  const hidden = new Set<string>();
  for (const reference of references) {
    const answer = answers.get(keyOf(reference));
    if (reference.kind !== "Secret" || answer?.kind !== "found") continue;
    const object = jsonOf(answer.object);
    for (const value of secretValuesOf(object)) hidden.add(value);
    const text = dataOf(object)?.[reference.valuesKey];
    if (typeof text !== "string") continue;
    const data = Buffer.from(text, "base64");
    const leaves = reference.targetPath === undefined ? leavesIn(data) : [data.toString().replaceAll(/\\(.)/gs, "$1")];
    for (const leaf of leaves) hideWritten(leaf, hidden);
  }
  return [...hidden];
}

/** A value as charts write it: as it is, within quotes, encoded, and each line by itself. */
function hideWritten(value: string, hidden: Set<string>): void {
  hideForms(value, (form) => {
    hidden.add(form);
    hidden.add(JSON.stringify(form).slice(1, -1));
  });
}

function leavesIn(data: Uint8Array): readonly string[] {
  const values = readValues(data);
  if (!values.ok) return [];
  return leavesOf(jsonOfValues(values.value).json).filter((leaf) => leaf.length >= SHORTEST_NUMBER || Number.isNaN(Number(leaf)));
}
