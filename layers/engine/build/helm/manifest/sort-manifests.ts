import { posix } from "node:path/posix";
import type { HelmHook } from "../../../domain/helm-release.ts";
import { ok, type Result } from "../../../domain/result.ts";
import { spend } from "../../work.ts";
import type { KeyNames } from "../../yaml/parse/reading.ts";
import { hookOf } from "../hooks/hook-of.ts";
import { readHead } from "./head.ts";
import { INSTALL_ORDER, sortByKind } from "./kind-order.ts";
import { isBlankText, splitManifests } from "./split-manifests.ts";

/** What was rendered, by `<chart>/templates/<file>`. */
export type RenderedFiles = ReadonlyMap<string, string>;

export type SortedManifests = { readonly hooks: readonly HelmHook[]; readonly objects: readonly ObjectText[] };
export type ObjectText = { readonly file: string; readonly kind: string; readonly text: string };

/**
 * The hooks and the other objects of what was rendered, each in the order of installation: by kind, then by file, then as they stand there.
 * Source: Helm 4, releaseutil.SortManifests.
 */
export function sortManifests(files: RenderedFiles): Result<SortedManifests> {
  const hooks: HelmHook[] = [];
  const objects: ObjectText[] = [];
  const names: KeyNames = new Map();
  for (const [file, documents] of documentsByFile(files)) {
    for (const text of documents) {
      const head = readHead(text, file, names);
      if (!head.ok) return head;
      const hook = hookOf(head.value, file, text);
      if (hook === "none") objects.push({ file, kind: head.value.kind, text });
      else if (hook !== "unknown") hooks.push(hook);
    }
  }
  return ok({ hooks: sortByKind(hooks, INSTALL_ORDER), objects: sortByKind(objects, INSTALL_ORDER) });
}

/** By name; files that are only included elsewhere, and empty ones, are no manifests. */
export function documentsByFile(files: RenderedFiles): readonly (readonly [string, readonly string[]])[] {
  const names = [...files.keys()].filter((name) => !posix.basename(name).startsWith("_")).sort();
  return names.flatMap((name): (readonly [string, readonly string[]])[] => {
    const text = files.get(name) ?? "";
    spend(text.length);
    return isBlankText(text) ? [] : [[name, splitManifests(text)]];
  });
}

/** As Helm stores it: each object under `---` and the name of its file. */
export const manifestOf = (objects: readonly ObjectText[]): string => objects.map(({ file, text }) => `---\n# Source: ${file}\n${text}\n`).join("");
