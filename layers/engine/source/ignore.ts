import { withoutTrailing } from "../domain/text.ts";
import type { Tree } from "../domain/tree.ts";
import { type Glob, matchesGlob, parseGlob } from "./glob.ts";

/** One line of gitignore grammar, and the folder that it speaks of. */
export type IgnorePattern = {
  readonly folder: readonly string[];
  /** `!`: what matches stays after all. */
  readonly keeps: boolean;
  readonly foldersOnly: boolean;
  /** A pattern without slash is tried on every component of a path. */
  readonly anywhere: boolean;
  readonly parts: readonly Part[];
};

type Part = { readonly kind: "empty" } | { readonly kind: "any-depth" } | { readonly kind: "never" } | { readonly kind: "glob"; readonly glob: Glob };

const SOURCE_IGNORE = ".sourceignore";
const VCS = [".git/", ".gitignore", ".gitmodules", ".gitattributes"];
const EXTENSIONS = ["*.jpg", "*.jpeg", "*.gif", "*.png", "*.wmv", "*.flv", "*.tar.gz", "*.zip"];
const CI = [
  ".github/",
  ".circleci/",
  ".travis.yml",
  ".gitlab-ci.yml",
  "appveyor.yml",
  ".drone.yml",
  "cloudbuild.yaml",
  "codeship-services.yml",
  "codeship-steps.yml",
];
const EXTRA = ["**/.goreleaser.yml", "**/.sops.yaml", "**/.flux.yaml"];

/**
 * Which paths of a repository are left out of its artifact: the `.sourceignore` files of `tree`, then `spec.ignore`. As soon as there is any
 * pattern, of all the defaults only those about Git itself stay. Source: reference 0.7.2.
 */
export function ignoreFilter(tree: Tree, specIgnore: string | undefined): (path: string, isFolder: boolean) => boolean {
  const own = [...sourceIgnorePatterns(tree), ...parseIgnore(specIgnore ?? "", [])];
  const defaults = own.length === 0 ? [...VCS, ...EXTENSIONS, ...CI, ...EXTRA] : VCS;
  const patterns = [...defaults.map((line) => parsePattern(line, [])), ...own];
  return (path, isFolder) => isIgnored(patterns, path.split("/"), isFolder);
}

/** Patterns of all `.sourceignore` files, each for its own folder, outer ones first: what comes later wins. */
function sourceIgnorePatterns(tree: Tree): readonly IgnorePattern[] {
  const files = [...tree].filter(([path]) => (path === SOURCE_IGNORE || path.endsWith(`/${SOURCE_IGNORE}`)) && !path.split("/").includes(".git"));
  const found = files.map(([path, { bytes }]) => ({ folder: path.split("/").slice(0, -1), text: new TextDecoder().decode(bytes) }));
  return found.toSorted((a, b) => byWalk(a.folder, b.folder)).flatMap(({ folder, text }) => parseIgnore(text, folder));
}

/** Folder by folder, a folder before what is in it. */
export function byWalk(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const left = a[i] ?? "";
    const right = b[i] ?? "";
    if (left !== right) return left < right ? -1 : 1;
  }
  return a.length - b.length;
}

/** The patterns in a text: a comment only where a line starts with `#`. */
export const parseIgnore = (text: string, folder: readonly string[]): readonly IgnorePattern[] =>
  text
    .split("\n")
    .map((line) => line.replace(/\r$/, ""))
    .filter((line) => !line.startsWith("#") && line.trim() !== "")
    .map((line) => parsePattern(line, folder));

function parsePattern(line: string, folder: readonly string[]): IgnorePattern {
  const keeps = line.startsWith("!");
  const written = keeps ? line.slice(1) : line;
  const trimmed = written.endsWith("\\ ") ? written : withoutTrailing(written, " ");
  const foldersOnly = trimmed.endsWith("/");
  const pattern = foldersOnly ? trimmed.slice(0, -1) : trimmed;
  const anywhere = !pattern.includes("/");
  return { folder, keeps, foldersOnly, anywhere, parts: pattern.split("/").map((part) => parsePart(part, anywhere)) };
}

function parsePart(part: string, anywhere: boolean): Part {
  if (part === "" && !anywhere) return { kind: "empty" };
  if (part === "**" && !anywhere) return { kind: "any-depth" };
  if (part.includes("**") && !anywhere) return { kind: "never" };
  const glob = parseGlob(part);
  return glob === undefined ? { kind: "never" } : { kind: "glob", glob };
}

/** The last pattern that matches decides. */
function isIgnored(patterns: readonly IgnorePattern[], path: readonly string[], isFolder: boolean): boolean {
  const decisive = patterns.findLast((pattern) => matches(pattern, path, isFolder));
  return decisive !== undefined && !decisive.keeps;
}

/** A path below something that matches, matches too: every file is judged by itself. */
function matches(pattern: IgnorePattern, path: readonly string[], isFolder: boolean): boolean {
  const { folder } = pattern;
  if (path.length <= folder.length || folder.some((name, index) => path[index] !== name)) return false;
  const below = path.slice(folder.length);
  return pattern.anywhere ? matchesName(pattern, below, isFolder) : matchesPath(pattern, below, isFolder);
}

function matchesName({ parts, foldersOnly }: IgnorePattern, path: readonly string[], isFolder: boolean): boolean {
  const part = parts[0];
  if (part?.kind !== "glob") return false;
  const at = path.findIndex((name) => matchesGlob(part.glob, name));
  return at >= 0 && !(foldersOnly && !isFolder && at === path.length - 1);
}

function matchesPath({ parts, foldersOnly }: IgnorePattern, path: readonly string[], isFolder: boolean): boolean {
  let rest = path;
  let matched = false;
  let anyDepth = false;
  for (const [index, part] of parts.entries()) {
    if (part.kind === "never") return false;
    if (part.kind === "empty") {
      anyDepth = false;
      continue;
    }
    if (part.kind === "any-depth") {
      if (index === parts.length - 1) break;
      anyDepth = true;
      continue;
    }
    const at = anyDepth ? rest.findIndex((name) => matchesGlob(part.glob, name)) : 0;
    const name = rest[at];
    if (name === undefined || !matchesGlob(part.glob, name)) return false;
    matched = true;
    anyDepth = false;
    rest = rest.slice(at + 1);
  }
  return matched && !(foldersOnly && !isFolder && rest.length === 0);
}
