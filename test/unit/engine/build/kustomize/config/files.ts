import { buildProblem } from "../../../../../../layers/engine/build/kustomize/build-problem.ts";
import type { Loader } from "../../../../../../layers/engine/build/kustomize/load/loader.ts";
import { ok } from "../../../../../../layers/engine/domain/result.ts";

/** A loader of the texts given, in the folder `app`. */
export const loaderOf = (files: Readonly<Record<string, string>>): Loader => ({
  root: "app",
  shownRoot: "/app",
  load: (path) => {
    const text = files[path];
    return text === undefined
      ? buildProblem(`open /app/${path}: no such file or directory`)
      : ok({ path: `app/${path}`, bytes: new TextEncoder().encode(text) });
  },
  open: () => buildProblem("no folders here"),
});
