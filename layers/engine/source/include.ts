import { normalize } from "node:path/posix";
import { ok, problem, type Result } from "../domain/result.ts";
import type { Tree } from "../domain/tree.ts";
import { hasFolder } from "./sparse.ts";

/** One entry of `spec.include`. */
export type Include = { readonly repository: { readonly name: string }; readonly fromPath?: string; readonly toPath?: string };

/** Where an include goes: `toPath`, by default the name of the repository. */
export const toPathOf = (include: Include): string => (include.toPath === undefined || include.toPath === "" ? include.repository.name : include.toPath);

/** `tree` with `fromPath` of `included` at `toPath`: the first must exist, the second must not. Source: reference 1.2. */
export function includeTree(tree: Tree, included: Tree, include: Include): Result<Tree> {
  const from = insideRoot(include.fromPath ?? "");
  const to = insideRoot(toPathOf(include));
  if (to === "") return problem(`the root of the repository exists already`);
  if (tree.has(to) || hasFolder(tree, to)) return problem(`'${to}' exists in the repository already`);
  const above = foldersAbove(to).find((folder) => tree.has(folder));
  if (above !== undefined) return problem(`'${above}' is a file`);
  const file = included.get(from);
  if (file !== undefined) return ok(new Map([...tree, [to, file]]));
  if (from !== "" && !hasFolder(included, from)) return problem(`'${from}' does not exist in the artifact of '${include.repository.name}'`);
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
