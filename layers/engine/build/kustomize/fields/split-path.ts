/**
 * The parts of a path such as `metadata/annotations/example.com\/name`: a delimiter behind a backslash belongs to its part, one at the beginning counts for nothing.
 * Source: kyaml utils/pathsplitter.go, PathSplitter.
 */
export function splitPath(path: string, delimiter = "/"): readonly string[] {
  const pieces = path.split(delimiter);
  if (!path.includes("\\")) return pieces.length > 1 && pieces[0] === "" ? pieces.slice(1) : pieces;
  const [first = "", ...rest] = pieces.length > 1 && pieces[0] === "" ? pieces.slice(1) : pieces;
  const parts: string[] = [];
  let open = first;
  for (const piece of rest) {
    if (open.endsWith("\\")) {
      open = `${open.slice(0, -1)}${delimiter}${piece}`;
      continue;
    }
    parts.push(open);
    open = piece;
  }
  return [...parts, open];
}
