import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";
import { readCommit } from "./objects.ts";
import { type GitObject, type GitObjects, objectId } from "./pack.ts";

export type CommitChange = {
  /** Path in the repository → content; whatever else is there stays as it is. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly time: EpochMs;
};

/** The id of the commit, and what of it is new. */
export type WrittenCommit = { readonly id: string; readonly objects: GitObjects };

/** A commit on top of `head` (undefined: the first one), with files added or replaced. `objects` has all that `head` consists of. */
export function writeCommit(objects: GitObjects, head: string | undefined, change: CommitChange): Result<WrittenCommit> {
  const made = new Map<string, GitObject>();
  const base = head === undefined ? undefined : readCommit(objects, head)?.tree;
  if (head !== undefined && base === undefined) return problem(`object not found: commit ${head}`);
  const tree = writeTree({ objects, made }, base, "", change.files);
  if (!tree.ok) return tree;
  const signature = `${word(change.author.name)} <${word(change.author.email)}> ${Math.floor(change.time / 1000)} +0000`;
  const lines = [`tree ${tree.value}`, ...(head === undefined ? [] : [`parent ${head}`]), `author ${signature}`, `committer ${signature}`];
  const id = keep(made, { type: "commit", bytes: Buffer.from(`${lines.join("\n")}\n\n${change.message}\n`) });
  return ok({ id, objects: made });
}

/** What would end a name or a line early. */
const word = (text: string): string => text.replaceAll(/[<>\n\0]/g, "").trim();

type Writing = { readonly objects: GitObjects; readonly made: Map<string, GitObject> };

/** `name` in Latin-1: byte for byte as it stands in the tree, whatever its encoding. */
type Entry = { readonly mode: string; readonly name: string; readonly id: string };

const FOLDER = "40000";
const FILE = "100644";
const FILES = new Set([FILE, "100755", "100664"]);

function writeTree(writing: Writing, before: string | undefined, path: string, files: ReadonlyMap<string, Uint8Array>): Result<string> {
  const read = before === undefined ? ok<readonly Entry[]>([]) : readEntries(writing.objects, before);
  if (!read.ok) return read;
  const entries = new Map(read.value.map((entry) => [entry.name, entry]));
  for (const [segment, below] of bySegment(files)) {
    const name = Buffer.from(segment).toString("latin1");
    const shown = path === "" ? segment : `${path}/${segment}`;
    const known = entries.get(name);
    const file = below.get("");
    if (file !== undefined) {
      if (known !== undefined && !FILES.has(known.mode)) return problem(`${shown} is no file`);
      entries.set(name, { mode: known?.mode ?? FILE, name, id: keep(writing.made, { type: "blob", bytes: file }) });
      continue;
    }
    if (known !== undefined && known.mode !== FOLDER) return problem(`${shown} is no folder`);
    const tree = writeTree(writing, known?.id, shown, below);
    if (!tree.ok) return tree;
    entries.set(name, { mode: FOLDER, name, id: tree.value });
  }
  const sorted = [...entries.values()].toSorted((a, b) => (sortName(a) < sortName(b) ? -1 : 1));
  const bytes = Buffer.concat(sorted.flatMap(({ mode, name, id }) => [Buffer.from(`${mode} ${name}\0`, "latin1"), Buffer.from(id, "hex")]));
  return ok(keep(writing.made, { type: "tree", bytes }));
}

/** git compares the names of folders as if they ended with a slash. */
const sortName = ({ mode, name }: Entry): string => (mode === FOLDER ? `${name}/` : name);

/** `a/b`, `a/c`, `d` → `a` with `b` and `c`, `d` with itself under the name "". */
function bySegment(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Map<string, Uint8Array>>();
  for (const [path, bytes] of files) {
    const at = path.indexOf("/");
    const segment = at < 0 ? path : path.slice(0, at);
    const below = found.get(segment) ?? new Map<string, Uint8Array>();
    found.set(segment, below.set(at < 0 ? "" : path.slice(at + 1), bytes));
  }
  return found;
}

function readEntries(objects: GitObjects, id: string): Result<readonly Entry[]> {
  const object = objects.get(id);
  if (object?.type !== "tree") return problem(`object not found: tree ${id}`);
  const buffer = Buffer.from(object.bytes.buffer, object.bytes.byteOffset, object.bytes.byteLength);
  const entries: Entry[] = [];
  for (let at = 0; at < buffer.length; ) {
    const blank = buffer.indexOf(32, at);
    const zero = buffer.indexOf(0, blank);
    if (blank < 0 || zero < 0 || zero + 21 > buffer.length) return problem("malformed tree object");
    const mode = buffer.toString("latin1", at, blank).replace(/^0+/, "");
    entries.push({ mode, name: buffer.toString("latin1", blank + 1, zero), id: buffer.toString("hex", zero + 1, zero + 21) });
    at = zero + 21;
  }
  return ok(entries);
}

function keep(made: Map<string, GitObject>, object: GitObject): string {
  const id = objectId(object);
  made.set(id, object);
  return id;
}
