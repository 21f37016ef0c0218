import type { Input } from "../../support/kustomize/case.ts";
import type { Chance } from "./chance.ts";

/** The tree with one thing wrong: a file that is gone or broken, a field that nobody knows, a line that is twice there. */
export function mistaken(chance: Chance, input: Input): Input {
  const path = chance.one(Object.keys(input.files).toSorted());
  const text = input.files[path] ?? "";
  const dice = chance.int(8);
  if (dice === 0) return { ...input, files: Object.fromEntries(Object.entries(input.files).filter(([name]) => name !== path)) };
  return { ...input, files: { ...input.files, [path]: broken(chance, dice, text) } };
}

function broken(chance: Chance, dice: number, text: string): string {
  const lines = text.split("\n");
  const at = chance.int(Math.max(lines.length - 1, 1));
  const line = lines[at] ?? "";
  const replaced = (...fresh: readonly string[]): string => [...lines.slice(0, at), ...fresh, ...lines.slice(at + 1)].join("\n");
  switch (dice) {
    case 1:
      return replaced();
    case 2:
      return replaced(line, line);
    case 3:
      return replaced(line.replace(/:.*$/, ": 5"));
    case 4:
      return replaced(line.replace(/:.*$/, ": {a: b}"));
    case 5:
      return replaced(` ${line}`);
    case 6:
      return replaced(line.replace(/^(\s*)\w+:/, "$1unknown:"));
    default:
      return replaced(line.replace(/:.*$/, ": [x]"));
  }
}
