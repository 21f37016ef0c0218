import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem, type Failed, type Path, problemBelow } from "../build-problem.ts";
import type { ReplacementField, ReplacementTarget, Selector } from "../kustomization/kustomization.ts";
import type { Loader } from "../load/loader.ts";
import type { Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { compileTargetSelector } from "../select/target-selector.ts";
import type { Transformer } from "../transform/transformer.ts";
import { type Draft, draftOfText } from "./draft.ts";
import { type GivenReplacement, readReplacements } from "./read-replacements.ts";
import { replaceAt } from "./replace-at.ts";
import { sourceValueOf } from "./source-value.ts";
import { splitSmartPath } from "./split-smart-path.ts";
import { createWorkbench, type Workbench } from "./workbench.ts";
import { createWorkpiece, type Workpiece } from "./workpiece.ts";

/** Copies values from one object into others. Source: kustomize api/internal/builtins/ReplacementTransformer.go, api/filters/replacement. */
export function createReplacementTransformer(fields: readonly ReplacementField[], loader: Loader): Result<Transformer, BuildProblem> {
  const replacements = readReplacements(fields, loader);
  if (!replacements.ok) return replacements;
  const seesInternals = replacements.value.some(({ source, targets }) =>
    [source?.fieldPath ?? "", ...targets.flatMap(({ fieldPaths }) => fieldPaths)].some(isAllAnnotations),
  );
  return ok((resources, schema) => {
    const bench = createWorkbench(resources.map((resource) => createWorkpiece(resource, seesInternals)));
    const isHistoryReadable = resources.every(hasReadableHistory);
    for (const replacement of replacements.value) {
      const replaced = replace(bench, replacement, schema, isHistoryReadable);
      if (!replaced.ok) return replaced;
    }
    return ok(bench.pieces.map((piece) => piece.finish()));
  });
}

/** Whether a path leads to all annotations of an object at once. */
function isAllAnnotations(path: string): boolean {
  const [first, second = "annotations", ...rest] = splitSmartPath(path);
  return first === "metadata" && second === "annotations" && rest.length === 0;
}

type Done = Result<undefined, BuildProblem>;

function replace(bench: Workbench, replacement: GivenReplacement, schema: Schema, isHistoryReadable: boolean): Done {
  const { source, sourceValue, targets, hasTargets } = replacement;
  const failed = (path: Path, message: string): Failed => problemIn(replacement.at, path, message);
  if ((source === undefined && sourceValue === undefined) || !hasTargets) return failed([], "replacements must specify a source and at least one target");
  if (source !== undefined && sourceValue !== undefined) return failed(["sourceValue"], "value and resource selectors are mutually exclusive");
  const value = source === undefined ? ok(draftOfText(sourceValue ?? "")) : sourceValueOf(source.name === "" ? bench.pieces : bench.named(source.name), source);
  if (!isHistoryReadable) return failed(["source"], source === undefined ? UNREADABLE_HISTORY : `error getting node IDs: ${UNREADABLE_HISTORY}`);
  if (!value.ok) return failed(value.problem.below ?? [], value.problem.message);
  for (const [index, target] of targets.entries()) {
    const done = replaceIn(bench, target, value.value, schema, (path, message) => failed(["targets", index, ...path], message));
    if (!done.ok) return done;
  }
  return ok(undefined);
}

/** kustomize writes earlier names behind each other with commas between them, and reads them so. Source: kustomize api/internal/utils, PrevIds. */
const UNREADABLE_HISTORY = "number of previous names, number of previous namespaces, number of previous kinds not equal";

const hasReadableHistory = ({ previous }: Resource): boolean =>
  previous.every(({ name, namespace, kind }) => commasIn(name) === commasIn(namespace) && commasIn(name) === commasIn(kind));

const commasIn = (text: string): number => (text.includes(",") ? text.split(",").length - 1 : 0);

function problemIn({ file, path }: GivenReplacement["at"], below: Path, message: string): Failed {
  const whole = [...path, ...below];
  return file === undefined ? problemBelow(whole, message) : buildProblem(message, { file, path: whole });
}

function replaceIn(bench: Workbench, target: ReplacementTarget, value: Draft, schema: Schema, failed: (path: Path, message: string) => Failed): Done {
  if (target.select === undefined) return failed(["select"], "target must specify resources to select");
  const isTarget = compileTargetSelector(target.select, target.reject);
  if (!isTarget.ok) return failed(["select"], `error creating target selector: ${isTarget.problem}`);
  const paths = target.fieldPaths.length === 0 ? ["metadata.name"] : target.fieldPaths;
  for (const piece of inQuestion(target.select, bench)) {
    const isMeant = isTarget.value(piece.head(), schema);
    if (!isMeant.ok) return failed(["select"], isMeant.problem);
    if (!isMeant.value) continue;
    for (const [index, path] of paths.entries()) {
      const done = replaceAt(piece.draft, path, value, target.options);
      if (!done.ok) return failed(["fieldPaths", index], done.problem);
      bench.changed(path);
    }
  }
  return ok(undefined);
}

const PLAIN = /^[^\\.+*?()|[\]{}^$]+$/;

/** What a selector can mean: by a name without special characters few, and the first of all, which tells whether its label selectors can be read. */
function inQuestion({ name }: Selector, { pieces, named }: Workbench): readonly Workpiece[] {
  if (!PLAIN.test(name)) return pieces;
  const found = named(name);
  const [first] = pieces;
  return first === undefined || first === found[0] ? found : [first, ...found];
}
