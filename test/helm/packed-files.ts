import { packArtifact } from "@sluice/engine/source/archive.ts";

const PACKED = /^packed\/([^/]+\.tgz)\/(.+)$/;

/** The files as bytes; those below `packed/x.tgz/` become the archive `charts/x.tgz`, with their first folder that of the archive. */
export function packedFiles(files: ReadonlyMap<string, string>): ReadonlyMap<string, Uint8Array> {
  const encoder = new TextEncoder();
  const bytes = new Map<string, Uint8Array>();
  const archives = new Map<string, Map<string, { bytes: Uint8Array; executable: boolean }>>();
  for (const [path, text] of files) {
    const [, archive, inner] = PACKED.exec(path) ?? [];
    if (archive === undefined || inner === undefined) {
      bytes.set(path, encoder.encode(text));
      continue;
    }
    const tree = archives.get(archive) ?? new Map();
    archives.set(archive, tree);
    tree.set(inner, { bytes: encoder.encode(text), executable: false });
  }
  for (const [archive, tree] of archives) bytes.set(`charts/${archive}`, packArtifact(tree));
  return bytes;
}
