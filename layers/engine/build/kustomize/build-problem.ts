/** Why there is no result: the words that kustomize uses, and where the cause stands. */
export type BuildProblem = {
  readonly message: string;
  readonly at?: Place | undefined;
};

/** `line` counts from 1. `field` is a path such as `spec.template.spec.containers[0].image`. */
export type Place = { readonly file: string; readonly line?: number | undefined; readonly field?: string | undefined };
