import { posix } from "node:path/posix";
import { ok, type Result } from "../../../domain/result.ts";
import { spend } from "../../work.ts";
import { type BuildProblem, buildProblem, refusal } from "../build-problem.ts";
import type { Files, FileTrouble, Restriction } from "../files.ts";
import type { LoadedFile, Loader } from "./loader.ts";
import { isRemoteFile, isRepository, withoutCredentials } from "./remote.ts";

/** What all loaders of a build share. `read` and `missed` collect paths of the tree. */
export type LoadingRun = {
  readonly files: Files;
  readonly restriction: Restriction;
  readonly read: Set<string>;
  readonly missed: Set<string>;
};

/** Kustomizations nested in each other; far above anything real, far below what could stop a process. */
const MAX_NESTING = 200;
/** Kustomizations of one build, each as often as it is listed: a ladder of diamonds without any object would double them with every step. */
const MAX_KUSTOMIZATIONS = 5_000;

/** PATH_MAX of Linux, in UTF-16: no file system has longer ones, and what is said about a path is about each of its parts. */
const LONGEST_PATH = 4_096;
const STEPS_OF_PATH = 50;
const tooLong = (path: string): string => `open ${path.slice(0, 100)}…: file name too long`;

/** What is left of it. */
type Budget = { left: number };

/** The loader of the kustomization that is built: `path` in the tree. */
export function rootLoader(run: LoadingRun, path: string): Result<Loader, BuildProblem> {
  const folder = confirmFolder(run, absolute(run, path));
  return folder.ok ? ok(loaderAt(run, folder.value, [], { left: MAX_KUSTOMIZATIONS })) : buildProblem(`must build at directory: ${folder.problem}`);
}

/** `above`: the folders through which this one was reached. Source: kustomize api/internal/loader/fileloader.go. */
function loaderAt(run: LoadingRun, root: string, above: readonly string[], budget: Budget): Loader {
  const shownRoot = absolute(run, root);
  return {
    root,
    shownRoot,
    load(path) {
      if (isRemoteFile(path)) return remote(path, shownRoot);
      if (path.length > LONGEST_PATH) return buildProblem(tooLong(path));
      spend(STEPS_OF_PATH + path.length);
      return loadFile(run, root, rooted(shownRoot, path));
    },
    open(path) {
      if (path === "") return buildProblem("new root cannot be empty");
      if (isRepository(path)) return remote(path, shownRoot);
      if (path.startsWith("/")) return buildProblem(`new root '${path}' cannot be absolute`);
      if (path.length > LONGEST_PATH) return buildProblem(`must build at directory: not a valid directory: ${tooLong(path)}`);
      spend(STEPS_OF_PATH + path.length + above.length);
      const folder = confirmFolder(run, rooted(shownRoot, path));
      if (!folder.ok) return buildProblem(`must build at directory: ${folder.problem}`);
      const visited = [root, ...above].find((known) => isBelow(known, folder.value));
      if (visited !== undefined) {
        return buildProblem(`cycle detected: candidate root '${absolute(run, folder.value)}' contains visited root '${absolute(run, visited)}'`);
      }
      if (above.length >= MAX_NESTING) return refusal(`more than ${MAX_NESTING} kustomizations inside of each other`);
      budget.left -= 1;
      if (budget.left < 0) return refusal(`more than ${MAX_KUSTOMIZATIONS} kustomizations`);
      return ok(loaderAt(run, folder.value, [root, ...above], budget));
    },
  };
}

/** Nothing is ever fetched: what is built comes out of the tree. */
function remote(path: string, shownRoot: string): { readonly ok: false; readonly problem: BuildProblem } {
  return refusal(`remote bases and files are not supported: '${withoutCredentials(path)}' in the kustomization of ${shownRoot}`);
}

function loadFile(run: LoadingRun, root: string, shown: string): Result<LoadedFile, BuildProblem> {
  const path = inTree(run, shown);
  return run.restriction === "within-folder" ? loadBelow(run, root, shown, path) : loadAnywhere(run, shown, path);
}

/** kubectl's rule. Source: kustomize api/internal/loader/loadrestrictions.go. */
function loadBelow(run: LoadingRun, root: string, shown: string, path: string | undefined): Result<LoadedFile, BuildProblem> {
  const outside = buildProblem(`security; file '${shown}' is not in or below '${absolute(run, root)}'`);
  if (path === undefined) return outside;
  const place = run.files.at(path);
  if (place === "nothing") {
    run.missed.add(path);
    return buildProblem(`evalsymlink failure on '${shown}' : ${notThere(run, shown)}`);
  }
  if (place === "folder") return buildProblem(`'${shown}' must resolve to a file`);
  const real = run.files.real(path) ?? path;
  return isBelow(parentOf(real), root) ? readFile(run, real, absolute(run, real)) : outside;
}

/** Flux's rule. Source: fluxcd/pkg kustomize/filesys, fs_secure.go. */
function loadAnywhere(run: LoadingRun, shown: string, path: string | undefined): Result<LoadedFile, BuildProblem> {
  return path === undefined ? buildProblem(`fs-security-constraint read ${shown}: ${constraint(run, shown)}`) : readFile(run, path, shown);
}

function readFile(run: LoadingRun, path: string, shown: string): Result<LoadedFile, BuildProblem> {
  switch (run.files.at(path)) {
    case "folder":
      return buildProblem(`read ${shown}: is a directory`);
    case "nothing":
      run.missed.add(path);
      return buildProblem(`open ${shown}: ${openingWords(run, path) ?? (hasFileAbove(run, path) ? "not a directory" : "no such file or directory")}`);
    case "file": {
      const bytes = run.files.read(path);
      if (bytes === undefined) return buildProblem(`open ${shown}: ${openingWords(run, path) ?? "permission denied"}`);
      spend(bytes.length);
      run.read.add(path);
      return ok({ path, bytes });
    }
  }
}

/** The folder at an absolute path, in the tree and after links. Source: kyaml/filesys, ConfirmDir. */
function confirmFolder(run: LoadingRun, shown: string): Result<string> {
  const path = inTree(run, shown);
  const problem = (text: string): Result<string> => ({ ok: false, problem: text });
  if (path === undefined) {
    const isThere = isBelow(run.files.shownRoot, shown === "/" ? "" : shown);
    const why = isThere ? `fs-security-constraint abs ${shown}: ${constraint(run, shown)}` : `evalsymlink failure on '${shown}' : ${notThere(run, shown)}`;
    return problem(`not a valid directory: ${why}`);
  }
  switch (run.files.at(path)) {
    case "file":
      return problem(`'${shown}': file is not directory`);
    case "nothing":
      run.missed.add(path);
      return problem(`not a valid directory: evalsymlink failure on '${shown}' : ${notThere(run, shown)}`);
    case "folder":
      return ok(run.files.real(path) ?? path);
  }
}

const constraint = (run: LoadingRun, shown: string): string => `path '${shown}' is not in or below '${run.files.shownRoot}'`;

/** What the system says about a path of which a part is missing. Source: Go path/filepath, walkSymlinks. */
function notThere(run: LoadingRun, shown: string): string {
  const own = troubleAt(run, inTree(run, shown));
  if (own?.kind === "unreadable") return own.following;
  const parts = shown.split("/").slice(1);
  for (const index of parts.keys()) {
    const upTo = `/${parts.slice(0, index + 1).join("/")}`;
    if (isBelow(run.files.shownRoot, upTo)) continue;
    const path = inTree(run, upTo);
    const place = path === undefined ? "nothing" : run.files.at(path);
    if (place === "nothing") return `lstat ${upTo}: no such file or directory`;
    if (place === "file" && index < parts.length - 1) return "not a directory";
  }
  return `lstat ${shown}: no such file or directory`;
}

const absolute = (run: LoadingRun, path: string): string => (path === "" ? run.files.shownRoot || "/" : `${run.files.shownRoot}/${path}`);
const rooted = (folder: string, path: string): string => (path.startsWith("/") ? path : posix.join(folder, path).replace(/(?<=.)\/$/, ""));

/** A path of the tree for an absolute one, undefined for what lies outside, if only after links. */
function inTree(run: LoadingRun, shown: string): string | undefined {
  const clean = posix.normalize(shown).replace(/(?<=.)\/+$/, "");
  const { shownRoot } = run.files;
  if (clean === shownRoot || (shownRoot === "" && clean === "/")) return "";
  const path = clean.startsWith(`${shownRoot}/`) ? clean.slice(shownRoot.length + 1) : undefined;
  return troubleAt(run, path)?.kind === "outside" ? undefined : path;
}

const troubleAt = ({ files }: LoadingRun, path: string | undefined): FileTrouble | undefined =>
  path !== undefined && files.at(path) === "nothing" ? files.trouble?.(path) : undefined;

function openingWords({ files }: LoadingRun, path: string): string | undefined {
  const trouble = files.trouble?.(path);
  return trouble?.kind === "unreadable" ? trouble.opening : undefined;
}

/** True when `folder` is `root` or below it; both paths of the tree, or both absolute. */
const isBelow = (folder: string, root: string): boolean => root === "" || folder === root || folder.startsWith(`${root}/`);

const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf("/"), 0));

const hasFileAbove = (run: LoadingRun, path: string): boolean =>
  path.split("/").some((_, index, parts) => index > 0 && run.files.at(parts.slice(0, index).join("/")) === "file");
