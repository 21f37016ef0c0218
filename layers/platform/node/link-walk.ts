import { lstatSync, readlinkSync } from "node:fs";
import { dirname, isAbsolute, parse, sep } from "node:path";
import type { FileTrouble } from "@sluice/engine/ports/files.ts";
import { answeredWords } from "./system-words.ts";

/** What stands at the end of a path: `real` is the absolute path to it without links; `special` is what is neither file nor folder. */
export type Walked = { readonly kind: "file" | "folder" | "special"; readonly real: string } | { readonly kind: "nothing"; readonly trouble: FileTrouble };

type Step =
  | { readonly kind: "file" | "folder" | "special" }
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "nothing"; readonly words: string };

/** Source: Go path/filepath, walkSymlinks, which kustomize follows links with. */
const MAX_LINKS = 255;

/** Follows the links of absolute paths. It looks at every place once, and keeps what it saw. */
export function createLinkWalk(): (path: string) => Walked {
  const steps = new Map<string, Step>();

  function step(path: string): Step {
    const known = steps.get(path);
    if (known !== undefined) return known;
    const made = look(path);
    steps.set(path, made);
    return made;
  }

  return (path) => {
    const waiting = partsOf(path);
    let real = parse(path).root;
    let last: Step = { kind: "folder" };
    let links = 0;
    for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
      if (last.kind !== "folder") return trouble("not a directory", "not a directory");
      if (part === "..") {
        real = dirname(real);
        continue;
      }
      const next = real.endsWith(sep) ? real + part : real + sep + part;
      const found = step(next);
      if (found.kind === "nothing") return trouble(found.words, `lstat ${next}: ${found.words}`);
      if (found.kind === "link") {
        if (++links > MAX_LINKS) return trouble("too many levels of symbolic links", "EvalSymlinks: too many links");
        waiting.push(...partsOf(found.target));
        if (isAbsolute(found.target)) real = parse(found.target).root;
        continue;
      }
      last = found;
      real = next;
    }
    return { kind: last.kind === "file" || last.kind === "special" ? last.kind : "folder", real };
  };
}

/** The names on a path, the first one last. */
const partsOf = (path: string): string[] =>
  path
    .slice(parse(path).root.length)
    .split(sep)
    .filter((part) => part !== "" && part !== ".")
    .reverse();

function look(path: string): Step {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false }); // most of what is asked for is not there, and an exception is dear
    if (stats === undefined) return { kind: "nothing", words: "no such file or directory" };
    if (stats.isSymbolicLink()) return { kind: "link", target: readlinkSync(path) };
    return { kind: stats.isDirectory() ? "folder" : stats.isFile() ? "file" : "special" };
  } catch (error) {
    return { kind: "nothing", words: answeredWords(error) };
  }
}

const trouble = (opening: string, following: string): Walked => ({ kind: "nothing", trouble: { kind: "unreadable", opening, following } });
