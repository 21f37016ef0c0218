export type TreeFile = { readonly bytes: Uint8Array; readonly executable: boolean };

/** A repository or an unpacked artifact in memory: path (relative, `/`-separated, no `.` or `..` in it) → file. */
export type Tree = ReadonlyMap<string, TreeFile>;
