import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { Tree, TreeFile } from "@sluice/engine/domain/tree.ts";
import type { GitCommit } from "@sluice/engine/ports/git-remote.ts";
import type { GitObjects } from "./pack.ts";

export type CommitObject = GitCommit & { readonly tree: string; readonly parents: readonly string[] };

/** The commit `id`, or undefined when the objects have none of that name. Its time is the committer's. */
export function readCommit(objects: GitObjects, id: string): CommitObject | undefined {
  const object = objects.get(id);
  if (object?.type !== "commit") return undefined;
  const text = Buffer.from(object.bytes).toString("utf8");
  const end = text.indexOf("\n\n");
  const head = end < 0 ? text : text.slice(0, end);
  const field = (name: string): readonly string[] => head.split("\n").flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
  const seconds = / (\d+) [+-]\d{4}$/.exec(field("committer")[0] ?? "")?.[1];
  return {
    id,
    tree: field("tree")[0] ?? "",
    parents: field("parent"),
    message: end < 0 ? "" : text.slice(end + 2),
    time: epochMs(Number(seconds ?? 0) * 1000),
  };
}

export type TreeCaps = { readonly files: number; readonly bytes: number; readonly pathBytes: number };

const REGULAR = "100644";
const GROUP_WRITABLE = "100664";
const EXECUTABLE = "100755";
const FOLDER = new Set(["40000", "040000"]);
const SKIPPED = new Set(["120000", "160000"]);

/** All files below the tree `root`. Symbolic links and submodules are left out; a name that no working tree could have is an error. */
export function readTree(objects: GitObjects, root: string, caps: TreeCaps): Result<Tree> {
  const files = new Map<string, TreeFile>();
  const open: { readonly id: string; readonly path: string }[] = [{ id: root, path: "" }];
  let bytes = 0;
  let folders = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    // A few small trees that name each other many times make more folders than there are atoms.
    if (++folders > caps.files) return problem(`the tree has more than ${caps.files} folders`);
    const object = objects.get(next.id);
    if (object?.type !== "tree") return problem(`object not found: tree ${next.id}`);
    const entries = parseTree(object.bytes);
    if (!entries.ok) return entries;
    for (const { mode, name, id } of entries.value) {
      if (SKIPPED.has(mode)) continue;
      if (!isFileName(name)) return problem(`the tree has an entry named ${JSON.stringify(name.slice(0, 200))}`);
      const path = next.path === "" ? name : `${next.path}/${name}`;
      if (path.length > caps.pathBytes) return problem(`the tree has a path of more than ${caps.pathBytes} characters`);
      if (FOLDER.has(mode)) {
        open.push({ id, path });
        continue;
      }
      if (mode !== REGULAR && mode !== EXECUTABLE && mode !== GROUP_WRITABLE) return problem(`the tree has an entry of mode ${mode}: ${path}`);
      const blob = objects.get(id);
      if (blob?.type !== "blob") return problem(`object not found: ${path} (${id})`);
      bytes += blob.bytes.length;
      if (bytes > caps.bytes || files.size >= caps.files) return problem(`the tree has more than ${caps.files} files or ${caps.bytes} bytes`);
      files.set(path, { bytes: blob.bytes, executable: mode === EXECUTABLE });
    }
  }
  return ok(files);
}

export type TreeEntry = { readonly mode: string; readonly name: string; readonly id: string };

function parseTree(bytes: Uint8Array): Result<readonly TreeEntry[]> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: TreeEntry[] = [];
  for (let at = 0; at < buffer.length; ) {
    const blank = buffer.indexOf(32, at);
    const zero = buffer.indexOf(0, blank);
    if (blank < 0 || zero < 0 || zero + 21 > buffer.length) return problem("malformed tree object");
    entries.push({
      mode: buffer.toString("latin1", at, blank),
      name: buffer.toString("utf8", blank + 1, zero),
      id: buffer.toString("hex", zero + 1, zero + 21),
    });
    at = zero + 21;
  }
  return ok(entries);
}

const isFileName = (name: string): boolean => name !== "" && name !== "." && name !== ".." && name.toLowerCase() !== ".git" && !/[/\\\0]/.test(name);
