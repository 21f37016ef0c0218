import { ok, problem, type Result } from "../../../domain/result.ts";
import { HOOK } from "../hooks/hook-of.ts";
import { readHead } from "../manifest/head.ts";
import { documentsByFile, type RenderedFiles } from "../manifest/sort-manifests.ts";
import type { HelmPostRender } from "../render.ts";
import { annotatedStream, filesOfStream } from "./annotated-stream.ts";

/**
 * The files once the objects in them were changed: all in one go, hooks apart from the rest, or the rest alone. Where one of two groups is empty, nothing is run for it.
 * Source: Helm 4.2, renderResources; helm/helm#32049.
 */
export function postRendered(files: RenderedFiles, { strategy, run }: HelmPostRender): Result<RenderedFiles> {
  if (strategy === "combined") return changed(files, "combined", run);
  const { hooks, others } = hooksApart(files);
  const changedOthers = others.size === 0 ? ok(others) : changed(others, "templates", run);
  if (!changedOthers.ok) return changedOthers;
  const changedHooks = strategy === "nohooks" || hooks.size === 0 ? ok(hooks) : changed(hooks, "hooks", run);
  return changedHooks.ok ? ok(joined([changedHooks.value, changedOthers.value])) : changedHooks;
}

function changed(files: RenderedFiles, group: string, run: HelmPostRender["run"]): Result<RenderedFiles> {
  const stream = annotatedStream(files);
  if (!stream.ok) return problem(`error merging manifests: ${stream.problem}`);
  const done = run(stream.value);
  if (!done.ok) return problem(`error while running post render on files: ${done.problem}`);
  const split = filesOfStream(done.value, group);
  return split.ok ? split : problem(`error while parsing post rendered output: ${split.problem}`);
}

/** A document that cannot be read counts as no hook: merging says what is wrong with it. */
function hooksApart(files: RenderedFiles): { readonly hooks: RenderedFiles; readonly others: RenderedFiles } {
  const hooks = new Map<string, string>();
  const others = new Map<string, string>();
  for (const [file, documents] of documentsByFile(files)) {
    for (const text of documents) {
      const group = isHook(text, file) ? hooks : others;
      group.set(file, group.has(file) ? `${group.get(file)}\n---\n${text}` : text);
    }
  }
  return { hooks, others };
}

/** Most documents cannot be: the name of an annotation stands there as it is, unless an escape or a tag (`!!binary`) makes it of other letters. */
function isHook(text: string, file: string): boolean {
  if (!text.includes(HOOK) && !/[\\!]/.test(text)) return false;
  const head = readHead(text, file);
  return head.ok && head.value.annotations.has(HOOK);
}

function joined(groups: readonly RenderedFiles[]): RenderedFiles {
  const files = new Map<string, string>();
  for (const group of groups) for (const [file, text] of group) files.set(file, files.has(file) ? `${files.get(file)}\n---\n${text}` : text);
  return files;
}
