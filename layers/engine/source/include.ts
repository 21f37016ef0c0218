import { join, normalize } from "node:path/posix";
import { CHECKOUT_ROOT, INCLUDE_ROOT } from "../domain/build-root.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import type { Tree } from "../domain/tree.ts";
import { hasFolder } from "./sparse.ts";

/** One entry of `spec.include`. */
export type Include = { readonly repository: { readonly name: string }; readonly fromPath?: string; readonly toPath?: string };

/** Where an include goes: `toPath`, by default the name of the repository. */
export const toPathOf = (include: Include): string => (include.toPath === undefined || include.toPath === "" ? include.repository.name : include.toPath);

/**
 * `tree` with `fromPath` of `included` at `toPath`: the first must exist, the second must not; the problem is what Flux says of the move.
 * Source: reference 1.2; recorded in sources/include-onto-existing.
 */
export function includeTree(tree: Tree, included: Tree, include: Include): Result<Tree> {
  const from = insideRoot(include.fromPath ?? "");
  const to = insideRoot(toPathOf(include));
  if (/[\\\p{Cc}]/u.test(to)) return problem(`${JSON.stringify(to)} is no path of an artifact`);
  const file = included.get(from);
  const [source, target] = [join(INCLUDE_ROOT, from), join(CHECKOUT_ROOT, to)];
  if (file === undefined && from !== "" && !hasFolder(included, from)) return problem(`cannot stat ${source}: stat ${source}: no such file or directory`);
  if (to === "" || tree.has(to) || hasFolder(tree, to))
    return problem(`link error: cannot rename ${source} to ${target}: rename ${source} ${target}: file exists`);
  const above = foldersAbove(to).find((folder) => tree.has(folder));
  if (above !== undefined) return problem(`'${above}' is a file`);
  if (file !== undefined) return ok(new Map([...tree, [to, file]]));
  const below = from === "" ? [...included] : [...included].filter(([path]) => path.startsWith(`${from}/`));
  const cut = from === "" ? 0 : from.length + 1;
  return ok(new Map([...tree, ...below.map(([path, entry]) => [`${to}/${path.slice(cut)}`, entry] as const)]));
}

/** The path with `.` and `..` resolved; what leads out of the root stays at the root. */
function insideRoot(path: string): string {
  const resolved = normalize(`/${path}`).replace(/\/+$/, "");
  return resolved.slice(1);
}

const foldersAbove = (path: string): readonly string[] =>
  path
    .split("/")
    .slice(0, -1)
    .map((_, index, parts) => parts.slice(0, index + 1).join("/"));
