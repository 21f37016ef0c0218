/** The typed views of the objects that the engine reconciles, and how they are made. */
export { artifactOf } from "./artifact-object.ts";
export {
  type GitInclude,
  type GitProvider,
  type GitReference,
  type GitRepository,
  type GitRepositoryStatus,
  parseGitRepository,
  toPathOf,
} from "./git-repository-object.ts";
export * from "./kustomization-object.ts";
export { conditionsOf, handledRequestOf, isSuspended, type ObjectMeta, observedGenerationOf, REQUESTED_AT, requestedAt } from "./object.ts";
export { unsupportedFields } from "./unsupported.ts";
