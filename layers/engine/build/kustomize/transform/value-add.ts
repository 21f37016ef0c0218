import { basename, normalize } from "node:path/posix";
import { ok, problem, type Result } from "../../../domain/result.ts";
import type { NodeMap } from "../../node/node.ts";
import { trimSpace } from "../../text/trim-space.ts";
import { type BuildProblem, buildProblem, failedBelow, problemBelow } from "../build-problem.ts";
import { type Decoded, int, list, pointer, struct, text } from "../decode/shape.ts";
import { unmarshal } from "../decode/unmarshal.ts";
import type { Setter } from "../fields/at-field-spec.ts";
import { atPath } from "../fields/at-path.ts";
import { setScalar } from "../fields/setters.ts";
import { keepShared } from "../fields/shared-text.ts";
import { splitPath } from "../fields/split-path.ts";
import { isOfKind, wrongKind } from "../fields/wrong-kind.ts";
import { selector } from "../kustomization/kustomization-shape.ts";
import type { Loader } from "../load/loader.ts";
import type { Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { selectResources } from "../select/selector.ts";
import { changeNode } from "./each.ts";
import { setNamespace } from "./set-namespace.ts";
import type { Transformer } from "./transformer.ts";

const target = struct("builtins.Target", { selector: pointer(selector), fieldPath: text, filePathPosition: int });

/** The configuration of a ValueAddTransformer. */
export const valueAddShape = struct("builtins.ValueAddTransformerPlugin", { value: text, targets: list(target), targetFilePath: text });
const targetFileShape = struct("struct", { targets: list(target) });

type Target = Decoded<typeof target>;

/** Puts a text, or else the name of the kustomization's folder, into fields, or into the paths that they hold. Source: kustomize ValueAddTransformer. */
export function createValueAddTransformer(config: Decoded<typeof valueAddShape>, loader: Loader): Result<Transformer, BuildProblem> {
  const fromFile = readTargets(config.targetFilePath, loader);
  if (!fromFile.ok) return fromFile;
  const targets = [...config.targets, ...fromFile.value];
  if (targets.length === 0) return problemBelow(["targets"], "must specify at least one target");
  for (const [index, { fieldPath, filePathPosition }] of targets.entries()) {
    if (fieldPath === "") return problemBelow(["targets", index, "fieldPath"], "fieldPath cannot be empty");
    if (filePathPosition < 0) return problemBelow(["targets", index, "filePathPosition"], `value of FilePathPosition (${filePathPosition}) cannot be negative`);
  }
  const value = trimSpace(config.value) || basename(loader.shownRoot) || "/";
  return ok((resources, schema) => addToAll(resources, value, targets, schema));
}

function readTargets(path: string, loader: Loader): Result<readonly Target[], BuildProblem> {
  if (path === "") return ok([]);
  const file = loader.load(path);
  if (!file.ok) return failedBelow(["targetFilePath"], file.problem);
  const read = unmarshal(new TextDecoder("utf-8", { ignoreBOM: true }).decode(file.value.bytes), targetFileShape, "ignore");
  return read.ok ? ok(read.value.targets) : buildProblem(read.problem.message, { file: file.value.path, path: read.problem.path });
}

function addToAll(resources: readonly Resource[], value: string, targets: readonly Target[], schema: Schema): Result<readonly Resource[], BuildProblem> {
  let current = resources;
  for (const [position, one] of targets.entries()) {
    const selected = one.selector === undefined ? ok(new Set(current)) : selectResources(current, one.selector, schema);
    if (!selected.ok) return problemBelow(["targets", position, "selector"], selected.problem);
    const changed: Resource[] = [];
    for (const resource of current) {
      const next = selected.value.has(resource) ? changeNode(resource, (node) => addValue(node, value, one, schema)) : ok(resource);
      if (!next.ok) return next;
      changed.push(next.value);
    }
    current = changed;
  }
  return ok(current);
}

function addValue(node: NodeMap, value: string, { fieldPath, filePathPosition }: Target, schema: Schema): Result<NodeMap> {
  if (fieldPath === "metadata/namespace") return setNamespace(node, { namespace: value, fieldSpecs: [], unsetOnly: false, subjects: "" }, schema);
  const replace = setScalar((before) => (filePathPosition > 0 ? insertPathPart(before, filePathPosition - 1, value) : value));
  const set: Setter = (found) => (isOfKind(found, "ScalarNode") ? replace(found) : problem(wrongKind("ScalarNode", found)));
  const changed = atPath(node, splitPath(fieldPath), set);
  return changed.ok ? ok(keepShared(node, changed.value)) : changed;
}

/**
 * `part` as one more step of a path; behind the end counts as the end, an absolute path stays absolute.
 * Source: kyaml filesys/util.go, InsertPathPart: a path that is nothing but a slash loses nothing.
 */
export function insertPathPart(path: string, position: number, part: string): string {
  if (part === "") return path;
  const parts = splitSteps(path);
  const at = Math.min(position, parts.length);
  const place = parts[0] === "" && at < parts.length ? at + 1 : at;
  return joinSteps(parts.toSpliced(place, 0, part));
}

function splitSteps(path: string): readonly string[] {
  const steps: string[] = [];
  let rest = path;
  while (rest !== "") {
    const end = rest.lastIndexOf("/") + 1;
    const [folder, last] = [rest.slice(0, end), rest.slice(end)];
    if (folder === "/") return last === "" ? ["", ...steps] : ["", last, ...steps];
    steps.unshift(last);
    rest = folder.endsWith("/") ? folder.slice(0, -1) : folder;
  }
  return steps;
}

/** Source: kyaml PathJoin, Go filepath.Join: empty steps vanish, `.` and `..` are followed. */
function joinSteps(steps: readonly string[]): string {
  const named = steps.filter((step) => step !== "");
  const joined = named.length === 0 ? "" : normalize(named.join("/")).replace(/(?<=.)\/$/, "");
  return steps[0] === "" ? `/${joined}` : joined;
}
