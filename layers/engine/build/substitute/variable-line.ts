/**
 * The line (from 1) that names a variable, in the document that begins at `firstLine`; undefined when it does not: its object got the variable from elsewhere.
 */
export function variableLine(text: string, firstLine: number, name: string): number | undefined {
  const lines = text.split("\n");
  const use = new RegExp(`\\$\\{${name}(?![A-Za-z0-9_])`);
  for (let index = firstLine - 1; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (index >= firstLine && line.startsWith("---")) return undefined;
    if (use.test(line)) return index + 1;
  }
  return undefined;
}
