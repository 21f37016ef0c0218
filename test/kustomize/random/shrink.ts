import YAML from "yaml";
import type { Input } from "../../support/kustomize/case.ts";

/** How many smaller trees are tried at most. */
const MOST_TRIES = 6_000;

/**
 * A smaller tree that is still wanted: without files, without lines and what is indented below them, with plainer values, as long as
 * `isWanted` says yes. Works on text, so that what is written stays as it is written.
 */
export async function shrink(input: Input, isWanted: (input: Input) => Promise<boolean>): Promise<Input> {
  let best = input;
  let tries = 0;
  const better = async (candidate: Input): Promise<boolean> => {
    if (tries >= MOST_TRIES) return false;
    tries += 1;
    if (!(await isWanted(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let before: Input | undefined; before !== best && tries < MOST_TRIES; ) {
    before = best;
    for (const path of Object.keys(best.files)) await better({ ...best, files: without(best.files, path) });
    for (const path of Object.keys(best.files)) await shrinkDocuments(path, () => best, better);
    for (const path of Object.keys(best.files)) await better(inBlocks(best, path));
    for (const indent of [0, 2, 99]) for (const path of Object.keys(best.files)) await shrinkFile(path, indent, () => best, better);
    if (best.order !== "none") await better({ ...best, order: "none" });
    if (best.restriction !== "within-folder") await better({ ...best, restriction: "within-folder" });
  }
  return best;
}

const without = (files: Input["files"], path: string): Input["files"] => Object.fromEntries(Object.entries(files).filter(([name]) => name !== path));
const withText = (input: Input, path: string, text: string): Input => ({ ...input, files: { ...input.files, [path]: text } });

/** The file in block style, where single lines can go. */
function inBlocks(input: Input, path: string): Input {
  const documents = YAML.parseAllDocuments(input.files[path] ?? "", { version: "1.1" });
  if (!("length" in documents) || documents.some(({ errors }) => errors.length > 0)) return input;
  return withText(input, path, documents.map((document) => YAML.stringify(document.toJS(), { lineWidth: 0, version: "1.1", indentSeq: false })).join("---\n"));
}

async function shrinkDocuments(path: string, best: () => Input, better: (candidate: Input) => Promise<boolean>): Promise<void> {
  for (let at = 0; at < documentsOf(best(), path).length; ) {
    const documents = documentsOf(best(), path);
    const rest = documents.filter((_, index) => index !== at);
    if (documents.length < 2 || !(await better(withText(best(), path, rest.join("---\n"))))) at += 1;
  }
}

const documentsOf = (input: Input, path: string): readonly string[] => (input.files[path] ?? "").split(/^---\n/m);

/** Lines that are indented by `deepest` at most, with all that is below them. */
async function shrinkFile(path: string, deepest: number, best: () => Input, better: (candidate: Input) => Promise<boolean>): Promise<void> {
  for (let at = 0; at < linesOf(best(), path).length; ) {
    const lines = linesOf(best(), path);
    const line = lines[at] ?? "";
    const end = endOfBlock(lines, at);
    if (line !== "" && indentOf(line) <= deepest) {
      if (end > at + 1 && (await better(withText(best(), path, [...lines.slice(0, at), ...lines.slice(end)].join("\n"))))) continue;
      if (await better(withText(best(), path, [...lines.slice(0, at), ...lines.slice(at + 1)].join("\n")))) continue;
      if (deepest > 2) await plainer(lines, at, path, best, better);
    }
    at += 1;
  }
}

async function plainer(lines: readonly string[], at: number, path: string, best: () => Input, better: (candidate: Input) => Promise<boolean>): Promise<void> {
  const line = lines[at] ?? "";
  const value = /^(\s*(?:- )*[\w./$-]+: )(?=\S)(?!x$)(.+)$/.exec(line);
  if (value === null) return;
  await better(withText(best(), path, [...lines.slice(0, at), `${value[1]}x`, ...lines.slice(at + 1)].join("\n")));
}

const linesOf = (input: Input, path: string): readonly string[] => (input.files[path] ?? "").split("\n");

/** Behind the lines that are indented deeper than the one at `at`, and the list that stands just below it. */
function endOfBlock(lines: readonly string[], at: number): number {
  const own = indentOf(lines[at] ?? "");
  const isItem = (lines[at] ?? "").trimStart().startsWith("- ");
  let end = at + 1;
  while (end < lines.length) {
    const line = lines[end] ?? "";
    const indent = indentOf(line);
    const belongs = line.trim() === "" ? end + 1 < lines.length : indent > own || (!isItem && indent === own && line.trimStart().startsWith("- "));
    if (!belongs || line.startsWith("---")) break;
    end += 1;
  }
  return end;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
