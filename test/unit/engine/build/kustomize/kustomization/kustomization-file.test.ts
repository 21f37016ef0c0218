import { buildProblem } from "@sluice/engine/build/kustomize/build-problem.ts";
import { kustomizationFile } from "@sluice/engine/build/kustomize/kustomization/kustomization-file.ts";
import type { Loader } from "@sluice/engine/build/kustomize/load/loader.ts";
import { expect, it } from "vitest";

const loaderOf = (names: readonly string[]): Loader => ({
  root: "app",
  shownRoot: "/app",
  load: (path) => (names.includes(path) ? { ok: true, value: { path: `app/${path}`, bytes: new Uint8Array() } } : buildProblem("not there")),
  open: () => buildProblem("not asked for"),
});

it.each<[readonly string[], string]>([
  [["kustomization.yaml"], "kustomization.yaml"],
  [["kustomization.yml", "a.yaml"], "kustomization.yml"],
  [["Kustomization"], "Kustomization"],
  [["kustomization.YAML"], "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '/app'"],
  [["kustomization.yaml", "Kustomization"], "Found multiple kustomization files under: /app\n"],
])("%j", (names, want) => {
  const found = kustomizationFile(loaderOf(names));
  expect(found.ok ? found.value.name : found.problem.message).toBe(want);
});
