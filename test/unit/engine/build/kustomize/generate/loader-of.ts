import { buildProblem } from "@sluice/engine/build/kustomize/build-problem.ts";
import type { GeneratorArgs, GeneratorOptions } from "@sluice/engine/build/kustomize/kustomization/kustomization.ts";
import type { Loader } from "@sluice/engine/build/kustomize/load/loader.ts";

/** A loader with these files in its folder, texts or bytes. */
export const loaderOf = (files: { readonly [path: string]: string | Uint8Array }): Loader => ({
  root: "app",
  shownRoot: "/app",
  load(path) {
    const content = files[path];
    if (content === undefined) return buildProblem(`open /app/${path}: no such file or directory`);
    return { ok: true, value: { path: `app/${path}`, bytes: typeof content === "string" ? new TextEncoder().encode(content) : content } };
  },
  open: () => buildProblem("not asked for"),
});

export const argsOf = (args: Partial<GeneratorArgs>): GeneratorArgs => ({
  namespace: "",
  name: "a",
  behavior: "",
  literals: [],
  files: [],
  envs: [],
  options: undefined,
  type: "",
  ...args,
});

export const optionsOf = (options: Partial<GeneratorOptions>): GeneratorOptions => ({
  labels: new Map(),
  annotations: new Map(),
  disableNameSuffixHash: false,
  immutable: false,
  ...options,
});
