import type { Result } from "../../../domain/result.ts";
import { spend } from "../../work.ts";
import { type BuildProblem, problemBelow } from "../build-problem.ts";
import type { ReplacementSource } from "../kustomization/kustomization.ts";
import { effectiveNamespace, isSelectedBy, type ResourceId, showId } from "../resource/id.ts";
import { gvkOf, nameOf, namespaceOf, previousIds, type Resource } from "../resource/resource.ts";
import { type Draft, entriesOf, isNullDraft, itemsOf } from "./draft.ts";
import { lookUp } from "./look-up.ts";
import { refinedValue } from "./put-value.ts";
import { splitSmartPath } from "./split-smart-path.ts";
import type { Workpiece } from "./workpiece.ts";

/** What the source of a replacement leads to: the place itself, which may go on changing, or the part of its text that the options name. */
export function sourceValueOf(pieces: readonly Workpiece[], source: ReplacementSource): Result<Draft, BuildProblem> {
  const [first, ...others] = pieces.filter((piece) => isSource(piece.head(), source));
  if (first === undefined) return problemBelow(["source"], `nothing selected by ${showSource(source)}`);
  if (others.length > 0) return problemBelow(["source"], `multiple matches for selector ${showSource(source)}`);
  const path = source.fieldPath === "" ? "metadata.name" : source.fieldPath;
  const found = lookUp(first.draft, splitSmartPath(path));
  if (!found.ok) return problemBelow(["source", "fieldPath"], `error looking up replacement source: ${found.problem}`);
  if (found.value === undefined || isEmpty(found.value))
    return problemBelow(["source", "fieldPath"], `fieldPath \`${path}\` is missing for replacement source ${showId(idOf(source))}`);
  const refined = refinedValue(found.value, source.options);
  return refined.ok ? refined : problemBelow(["source", "options"], refined.problem);
}

/** Null, or a map or list with nothing in it. */
const isEmpty = (draft: Draft): boolean => isNullDraft(draft) || entriesOf(draft)?.size === 0 || itemsOf(draft)?.length === 0;

const idOf = ({ group, version, kind, name, namespace }: ReplacementSource): ResourceId => ({ group, version, kind, name, namespace, isClusterScoped: false });

/** Any id counts that it has or had; no namespace is the default one, also of what has none by its kind. Source: kustomize selectSourceNode. */
function isSource(resource: Resource, source: ReplacementSource): boolean {
  spend(10);
  const wanted = idOf(source);
  const now = { ...gvkOf(resource), name: nameOf(resource), namespace: namespaceOf(resource), isClusterScoped: false };
  return [now, ...previousIds(resource)].some(
    (id) =>
      (wanted.name === "" || wanted.name === id.name) &&
      (wanted.namespace === "" || effectiveNamespace(wanted) === effectiveNamespace(id)) &&
      isSelectedBy(id, wanted),
  );
}

function showSource(source: ReplacementSource): string {
  const { options, fieldPath } = source;
  const parts = [showId(idOf(source)), ...(fieldPath === "" ? [] : [fieldPath])];
  if (options !== undefined && (options.delimiter !== "" || options.create)) parts.push(`${options.delimiter}(${options.index}), create=${options.create}`);
  return parts.join(":");
}
