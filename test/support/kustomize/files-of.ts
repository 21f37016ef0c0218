import { posix } from "node:path";
import type { Files } from "@sluice/engine/build/kustomize/files.ts";
import type { Input } from "./case.ts";

const MOST_LINKS = 255;

/** Files, bytes and symbolic links in memory, as an operating system would show them below `shownRoot`. */
export function filesOf({ files, bytes = {}, links = {} }: Pick<Input, "files" | "bytes" | "links">, shownRoot = ""): Files {
  const encoder = new TextEncoder();
  const contents = new Map<string, Uint8Array>([
    ...Object.entries(files).map(([path, text]): [string, Uint8Array] => [path, encoder.encode(text)]),
    ...Object.entries(bytes).map(([path, base64]): [string, Uint8Array] => [path, new Uint8Array(Buffer.from(base64, "base64"))]),
  ]);
  const targets = new Map(Object.entries(links));
  const folders = new Set<string>([""]);
  for (const path of [...contents.keys(), ...targets.keys()]) {
    for (let at = parentOf(path); at !== ""; at = parentOf(at)) folders.add(at);
  }
  const real = (path: string): string | undefined => {
    const found = follow(path, targets, shownRoot);
    return found === undefined || (!contents.has(found) && !folders.has(found)) ? undefined : found;
  };
  return {
    shownRoot,
    at: (path) => {
      const found = real(path);
      return found === undefined ? "nothing" : contents.has(found) ? "file" : "folder";
    },
    real,
    read: (path) => contents.get(real(path) ?? ""),
  };
}

const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf("/"), 0));

/** Where `path` leads; undefined for too many links, and for one that leads out. */
function follow(path: string, targets: ReadonlyMap<string, string>, shownRoot: string): string | undefined {
  let left = path === "" ? [] : path.split("/");
  let done = "";
  let followed = 0;
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    if (part === "..") {
      if (done === "") return undefined;
      done = parentOf(done);
      continue;
    }
    const at = done === "" ? part : `${done}/${part}`;
    const target = targets.get(at);
    if (target === undefined) {
      done = at;
      continue;
    }
    followed += 1;
    if (followed > MOST_LINKS) return undefined;
    if (target.startsWith("/")) {
      if (!target.startsWith(`${shownRoot}/`)) return undefined;
      done = "";
      left = [...posix.normalize(target.slice(shownRoot.length + 1)).split("/"), ...left];
    } else {
      left = [...target.split("/").filter((piece) => piece !== "" && piece !== "."), ...left];
    }
  }
  return done;
}
