import { ok, type Result } from "../../../domain/result.ts";
import type { NodeMap } from "../../node/node.ts";
import { byBytes } from "../../text/by-bytes.ts";
import { type BuildProblem, buildProblem, type Failed, problemBelow, within } from "../build-problem.ts";
import type { GeneratorArgs, GeneratorOptions } from "../kustomization/kustomization.ts";
import type { Loader } from "../load/loader.ts";
import { type Behavior, newResource, type Resource } from "../resource/resource.ts";
import { type KeyValue, keyValues } from "./key-values.ts";
import { placeOfKey } from "./place-of-key.ts";

/** Our own limit: such keys could reach a prototype, and the reader refuses them as well. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** What a generator makes: an object named as its arguments say, with the fields that `fields` makes of the data, sorted by keys. Source: kustomize api/internal/generators. */
export function generatedObject(
  kind: "ConfigMap" | "Secret",
  args: GeneratorArgs,
  global: GeneratorOptions | undefined,
  loader: Loader,
  fields: (data: readonly KeyValue[]) => NodeMap,
): Result<Resource, BuildProblem> {
  if (args.name === "") return problemBelow(["name"], "a configmap must have a name");
  const data = validData(args, loader);
  if (!data.ok) return data;
  const options = mergeOptions(args.options, global);
  const metadata = {
    name: args.name,
    ...(args.namespace !== "" && { namespace: args.namespace }),
    ...(options.labels.size > 0 && { labels: sortedMap(options.labels) }),
    ...(options.annotations.size > 0 && { annotations: sortedMap(options.annotations) }),
  };
  const node = { apiVersion: "v1", kind, metadata, ...fields(data.value), ...(options.immutable && { immutable: true }) };
  return ok({ ...newResource(node), generated: { behavior: behaviorOf(args.behavior), needsHash: !options.disableNameSuffixHash } });
}

function validData(args: GeneratorArgs, loader: Loader): Result<readonly KeyValue[], BuildProblem> {
  const pairs = keyValues(args, loader);
  if (!pairs.ok) return { ok: false, problem: within((message) => `loading KV pairs: ${message}`, pairs.problem) };
  const known = new Set<string>();
  for (const { key } of pairs.value) {
    if (known.has(key)) return keyProblem(args, loader, key, `configmap ${args.name} illegally repeats the key \`${key}\``);
    if (FORBIDDEN_KEYS.has(key)) return keyProblem(args, loader, key, `configmap ${args.name}: the key "${key}" is not allowed`);
    known.add(key);
  }
  return ok(pairs.value.toSorted((a, b) => byBytes(a.key, b.key)));
}

function keyProblem(args: GeneratorArgs, loader: Loader, key: string, message: string): Failed {
  const place = placeOfKey(args, loader, key);
  return place.kind === "file" ? buildProblem(message, { file: place.file, line: place.line }) : problemBelow(place.path, message);
}

/** A generator's own labels and annotations win over those of all generators; what either one switches on is on. Source: kustomize api/types/generatoroptions.go. */
function mergeOptions(own: GeneratorOptions | undefined, global: GeneratorOptions | undefined): GeneratorOptions {
  return {
    labels: new Map([...(global?.labels ?? []), ...(own?.labels ?? [])]),
    annotations: new Map([...(global?.annotations ?? []), ...(own?.annotations ?? [])]),
    disableNameSuffixHash: own?.disableNameSuffixHash === true || global?.disableNameSuffixHash === true,
    immutable: own?.immutable === true || global?.immutable === true,
  };
}

const sortedMap = (map: ReadonlyMap<string, string>): NodeMap => Object.fromEntries([...map].toSorted(([a], [b]) => byBytes(a, b)));

const behaviorOf = (text: string): Behavior => (text === "create" || text === "replace" || text === "merge" ? text : "unspecified");
