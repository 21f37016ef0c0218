import type { Input } from "./case.ts";
import { filesOf } from "./files-of.ts";
import { buildOurs } from "./ours.ts";

const KUSTOMIZATION_FILES = ["kustomization.yaml", "kustomization.yml", "Kustomization"] as const;
const GARBAGE = "this: [is no\nYAML at all";

/**
 * What of the tree changes the output although the build says that it has not read it, or not looked for it: nothing, or a key of a cache made of
 * `read` and `missed` would be wrong. One line per change that shows. Undefined when the tree does not build: then there is no output to keep.
 */
export function changesThatShow(input: Input): readonly string[] | undefined {
  const built = buildOurs(input);
  if (!built.ok) return undefined;
  const { read, missed } = built.value;
  const yaml = built.value.yaml();
  // What is read through a link is named as the link; its bytes are those of the file.
  const { real } = filesOf(input);
  const bytesRead = new Set(read.flatMap((path) => [path, real(path) ?? path]));
  const isUnread = (path: string): boolean => !bytesRead.has(path);
  const unread = Object.keys(input.files).filter(isUnread);
  const showing: string[] = [];
  const check = (what: string, changed: Input): void => {
    const again = buildOurs(changed);
    if (!again.ok) showing.push(`${what}: ${again.problem.message}`);
    else if (again.value.yaml() !== yaml) showing.push(`${what}: another output`);
  };
  for (const path of unread) {
    check(`other bytes in ${path}`, { ...input, files: { ...input.files, [path]: GARBAGE } });
    check(`without ${path}`, { ...input, files: Object.fromEntries(Object.entries(input.files).filter(([name]) => name !== path)) });
  }
  const added = newPaths(input).filter((path) => !missed.includes(path));
  if (added.length > 0) check(`with ${added.join(", ")}`, { ...input, files: { ...input.files, ...Object.fromEntries(added.map((path) => [path, GARBAGE])) } });
  return showing;
}

/** Files that could stand beside those of the tree: any name, and the names of kustomizations. */
function newPaths({ files, links = {} }: Input): readonly string[] {
  const taken = new Set([...Object.keys(files), ...Object.keys(links)]);
  const folders = new Set(["", "new", ...[...taken].flatMap(foldersOf)]);
  const isBelowFile = (path: string): boolean => foldersOf(path).some((folder) => taken.has(folder));
  return [...folders]
    .flatMap((folder) => ["new.yaml", ...KUSTOMIZATION_FILES].map((name) => (folder === "" ? name : `${folder}/${name}`)))
    .filter((path) => !taken.has(path) && !isBelowFile(path) && ![...taken].some((other) => other.startsWith(`${path}/`)));
}

const foldersOf = (path: string): readonly string[] => {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
};
