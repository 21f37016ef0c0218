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

/** A message that is longer gets nothing put around it: quotes inside of quotes would double it with every step. */
const MAX_LENGTH = 64 * 1024;

/** The same problem, said inside of `words`: what is tried, step by step, as kustomize puts its errors together. */
export const within = (words: (message: string) => string, problem: BuildProblem): BuildProblem =>
  problem.isRefusal === true || problem.message.length > MAX_LENGTH ? problem : { ...problem, message: words(problem.message) };
