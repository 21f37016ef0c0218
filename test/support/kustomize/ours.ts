import { createKustomizer, FLUX, KUBECTL, type KustomizeBuild, type Manner } from "@sluice/engine/build/kustomize/build.ts";
import type { BuildProblem } from "@sluice/engine/build/kustomize/build-problem.ts";
import type { Result } from "@sluice/engine/domain/result.ts";
import { type Answer, type Input, SHOWN_ROOT } from "./case.ts";
import { filesOf } from "./files-of.ts";
import type { Oracle } from "./oracle.ts";

const kustomizer = createKustomizer();

/** The one place of the tests that calls the builder. */
export const buildOurs = (input: Input, manner: Manner = FLUX): Result<KustomizeBuild, BuildProblem> =>
  kustomizer.build({ files: filesOf(input, SHOWN_ROOT), path: input.path, restriction: input.restriction, manner });

/** What we print or say, as Flux builds; in the order that is asked for. */
export const ourAnswer = (input: Input): Answer => answerOf(buildOurs(input, { ...FLUX, order: input.order }));

/** As `kubectl kustomize` builds; without its version, which is that of the kubectl that is found. */
export const ourAnswerAsKubectl = (input: Input): Answer => answerOf(buildOurs(input, { ...KUBECTL, version: FLUX.version }));

const answerOf = (built: Result<KustomizeBuild, BuildProblem>): Answer =>
  built.ok ? { kind: "built", yaml: built.value.yaml() } : { kind: "failed", message: built.problem.message };

/** Our answer as an oracle gives one; a bug that throws is an answer, too. */
export const oursAs = (name: string, answer: (input: Input) => Answer): Oracle => ({
  name,
  ask: async (input) => {
    try {
      return answer(input);
    } catch (error) {
      return { kind: "failed", message: `exception: ${error instanceof Error ? error.stack : String(error)}` };
    }
  },
  end: () => undefined,
});
