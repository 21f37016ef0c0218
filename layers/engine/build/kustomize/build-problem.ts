/** Why there is no result: the words that kustomize uses, and where the cause stands. */
export type BuildProblem = {
  readonly message: string;
  readonly at?: Place | undefined;
  /** Set for what we refuse and kustomize would do (fetch, run): no other way to read the same thing is tried, and nothing is put in front of the words. */
  readonly isRefusal?: true | undefined;
};

/** `line` counts from 1. `field` is a path such as `spec.template.spec.containers[0].image`. */
export type Place = { readonly file: string; readonly line?: number | undefined; readonly field?: string | undefined };

export const buildProblem = (message: string, at?: Place): { readonly ok: false; readonly problem: BuildProblem } => ({
  ok: false,
  problem: { message, ...(at !== undefined && { at }) },
});

/** The same problem, said inside of `words`: what is tried, step by step, as kustomize puts its errors together. */
export const within = (words: (message: string) => string, problem: BuildProblem): BuildProblem =>
  problem.isRefusal === true ? problem : { ...problem, message: words(problem.message) };
