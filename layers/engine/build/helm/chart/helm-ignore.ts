import { ok, problem, type Result } from "../../../domain/result.ts";
import type { Tree } from "../../../domain/tree.ts";
import { type Glob, matchesGlob, parseGlob } from "../../../source/glob.ts";

/** One line of .helmignore. `parts` are matched component by component; without `whole` only the name is. */
type Rule = { readonly parts: readonly Glob[]; readonly whole: boolean; readonly negated: boolean; readonly foldersOnly: boolean };

/** Hidden files of templates are never part of a chart. */
const ALWAYS = "templates/.?*";

/**
 * The files of a folder that are part of the chart, in the order of a walk. Rules are not those of git: the first that matches decides, one with `!` ignores
 * all that it does not match, and what lies in an ignored folder is not looked at. Source: Helm 4, pkg/ignore/rules.go, loader/directory.go.
 */
export function withoutIgnored(tree: Tree): Result<readonly string[]> {
  const rules: Rule[] = [];
  const file = tree.get(".helmignore");
  const lines = file === undefined ? [] : new TextDecoder().decode(file.bytes).split("\n");
  for (const line of [...lines, ALWAYS]) {
    const text = line.trim();
    if (text === "" || text.startsWith("#")) continue;
    const rule = parseRule(text);
    if (!rule.ok) return rule;
    rules.push(rule.value);
  }
  const folders = new Map<string, boolean>();
  const isKept = (path: string, isFolder: boolean): boolean => isParentKept(path) && !isIgnored(rules, path, isFolder);
  const isParentKept = (path: string): boolean => {
    const end = path.lastIndexOf("/");
    if (end < 0) return true;
    const folder = path.slice(0, end);
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const kept = isKept(folder, true);
    folders.set(folder, kept);
    return kept;
  };
  return ok([...tree.keys()].filter((path) => isKept(path, false)).sort(byWalk));
}

/** Folder by folder, by the bytes of the names. */
function byWalk(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [x = "", y = ""] = [left[at], right[at]];
    if (x !== y) return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

function parseRule(text: string): Result<Rule> {
  if (text.includes("**")) return problem("double-star (**) syntax is not supported");
  const negated = text.startsWith("!");
  const written = negated ? text.slice(1) : text;
  const foldersOnly = written.endsWith("/");
  const pattern = foldersOnly ? written.slice(0, -1) : written;
  const globs = pattern.replace(/^\//, "").split("/").map(parseGlob);
  const parts = globs.filter((glob) => glob !== undefined);
  if (parts.length !== globs.length) return problem("syntax error in pattern");
  return ok({ parts, whole: pattern.includes("/"), negated, foldersOnly });
}

function isIgnored(rules: readonly Rule[], path: string, isFolder: boolean): boolean {
  for (const rule of rules) {
    const applies = (isFolder || !rule.foldersOnly) && matches(rule, path);
    if (rule.negated ? !applies : applies) return true;
  }
  return false;
}

function matches({ parts, whole }: Rule, path: string): boolean {
  const names = path.split("/");
  const tried = whole ? names : names.slice(-1);
  return tried.length === parts.length && parts.every((glob, index) => matchesGlob(glob, tried[index] ?? ""));
}
