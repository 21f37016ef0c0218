import type { Place as ToldPlace } from "../../domain/place.ts";

/** Why there is no result: the words that kustomize uses, and where the cause stands. */
export type BuildProblem = {
  readonly message: string;
  readonly at?: Place | undefined;
  /** The way to the cause below the configuration that is being worked on. Whoever knows where that stands makes a place of both: `placedIn`. */
  readonly below?: Path | undefined;
  /** Set for what we refuse and kustomize would do (fetch, run): no other way to read the same thing is tried, and nothing is put in front of the words. */
  readonly isRefusal?: true | undefined;
};

/**
 * While a build goes on, a place may say `document` (from 0) and `path` instead of line and field: lines cost another reading of the file, which only a build that
 * has failed pays for (`locate`).
 */
export type Place = ToldPlace & { readonly document?: number | undefined; readonly path?: Path | undefined };

/** A way through a document: `["patches", 0, "target"]`. */
export type Path = readonly (string | number)[];

export type Failed = { readonly ok: false; readonly problem: BuildProblem };

export const buildProblem = (message: string, at?: Place): Failed => ({
  ok: false,
  problem: { message, ...(at !== undefined && { at }) },
});

/** A problem whose place is known by who works on the configuration around it: `path` leads on from there. */
export const problemBelow = (path: Path, message: string): Failed => ({ ok: false, problem: { message, below: path } });

/** The problem, at `place` (the configuration that was being worked on) and below it, unless it knows a place itself. */
export function placedIn(place: Place, { below, ...problem }: BuildProblem): BuildProblem {
  if (problem.at !== undefined) return problem;
  return { ...problem, at: below === undefined ? place : { ...place, path: [...(place.path ?? []), ...below] } };
}

/** What failed, said to be below `path`, unless it knows a place itself. */
export const failedBelow = (path: Path, { below = [], ...problem }: BuildProblem): Failed => ({
  ok: false,
  problem: problem.at === undefined ? { ...problem, below: [...path, ...below] } : problem,
});

/** What is refused although kustomize would do it. */
export const refusal = (message: string): { readonly ok: false; readonly problem: BuildProblem } => ({ ok: false, problem: { message, isRefusal: true } });

/** A message that is longer gets nothing put around it: quotes inside of quotes would double it with every step. */
const MAX_LENGTH = 64 * 1024;

/** The same problem, said inside of `words`: what is tried, step by step, as kustomize puts its errors together. */
export const within = (words: (message: string) => string, problem: BuildProblem): BuildProblem =>
  problem.isRefusal === true || problem.message.length > MAX_LENGTH ? problem : { ...problem, message: words(problem.message) };
