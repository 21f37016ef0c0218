import { secretValuesOf } from "../../build/hide-secrets.ts";
import { mergeVariables, type VariableSource, type Variables } from "../../build/variables.ts";
import { isObject, type Json } from "../../domain/json.ts";
import type { Manifest } from "../../domain/manifest.ts";
import { jsonOf } from "../../domain/manifest-json.ts";
import type { Result } from "../../domain/result.ts";
import type { Kustomization, SubstituteReference } from "../../flux/kustomization-object.ts";
import type { Cluster, GetAnswer } from "../../ports/cluster.ts";

/** `secret`: values of Secrets are among them, so that nothing made of them may be kept. `hidden`: those values, which no message may show. */
export type ReadVariables = { readonly variables: Result<Variables>; readonly secret: boolean; readonly hidden: readonly string[] };

/** Reads what `spec.postBuild` names, as ourselves and not as the identity that applies. Source: reference 2.5.3, 7.1. */
export async function readVariables(cluster: Pick<Cluster, "get">, object: Kustomization): Promise<ReadVariables> {
  const references = object.spec.postBuild?.substituteFrom ?? [];
  const read = await Promise.all(references.map((reference) => readSource(cluster, object.metadata.namespace, reference)));
  const sources = read.map(({ source }) => source);
  const variables = mergeVariables(sources, object.spec.postBuild?.substitute ?? {});
  return {
    variables,
    secret: references.some(({ kind }) => kind === "Secret"),
    // Without variables nothing is substituted, and what is said is said of names: recorded in build/substitute-from.
    hidden: variables.ok ? read.flatMap(({ hidden }) => hidden) : [],
  };
}

type Read = { readonly source: VariableSource; readonly hidden: readonly string[] };

async function readSource(cluster: Pick<Cluster, "get">, namespace: string, reference: SubstituteReference): Promise<Read> {
  const { kind, name, optional } = reference;
  const answer = await cluster.get({ apiVersion: "v1", kind, namespace, name });
  return {
    source: { kind, name, optional, answer: valuesIn(kind, answer) },
    hidden: kind === "Secret" && answer.kind === "found" ? hiddenOf(answer.object) : [],
  };
}

/** As they stand there, decoded, and as they are substituted: without line breaks. */
const hiddenOf = (secret: Manifest): readonly string[] => secretValuesOf(jsonOf(secret)).flatMap((value) => [value, value.replaceAll("\n", "")]);

function valuesIn(kind: SubstituteReference["kind"], answer: GetAnswer): VariableSource["answer"] {
  switch (answer.kind) {
    case "found":
      return { kind: "found", values: valuesOf(kind, answer.object) };
    case "absent":
      return { kind: "absent", message: answer.message };
    case "refused":
      return { kind: "refused", message: answer.message };
  }
}

function valuesOf(kind: SubstituteReference["kind"], object: Manifest): ReadonlyMap<string, string | Uint8Array> {
  const data = object.data as Json | undefined; // the server's own answer
  const entries = isObject(data) ? Object.entries(data) : [];
  const decode = (text: string): string | Uint8Array => (kind === "Secret" ? Buffer.from(text, "base64") : text);
  return new Map(entries.flatMap(([name, value]): [string, string | Uint8Array][] => (typeof value === "string" ? [[name, decode(value)]] : [])));
}
