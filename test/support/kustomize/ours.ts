import { createKustomizer, type KustomizeBuild } from "@sluice/engine/build/kustomize/build.ts";
import type { BuildProblem } from "@sluice/engine/build/kustomize/build-problem.ts";
import type { Result } from "@sluice/engine/domain/result.ts";
import { type Answer, type Input, SHOWN_ROOT } from "./case.ts";
import { filesOf } from "./files-of.ts";
import type { Oracle } from "./oracle.ts";

/** What kustomize's library calls itself where it does not know its version. */
const VERSION = "(devel)";
const kustomizer = createKustomizer();

/** The one place of the tests that calls the builder. */
export const buildOurs = (input: Input): Result<KustomizeBuild, BuildProblem> =>
  kustomizer.build({
    files: filesOf(input, SHOWN_ROOT),
    path: input.path,
    restriction: input.restriction,
    manner: { order: input.order, version: VERSION, preload: input.restriction === "within-tree" ? "built-in kinds" : "nothing" },
  });

export function ourAnswer(input: Input): Answer {
  const built = buildOurs(input);
  return built.ok ? { kind: "built", yaml: built.value.yaml() } : { kind: "failed", message: built.problem.message };
}

/** As `ourAnswer`, where a bug that throws is an answer, too. */
export const ours: Oracle = {
  name: "sluice",
  ask: async (input) => {
    try {
      return ourAnswer(input);
    } catch (error) {
      return { kind: "failed", message: `exception: ${error instanceof Error ? error.stack : String(error)}` };
    }
  },
  end: () => undefined,
};
