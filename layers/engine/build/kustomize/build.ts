import { ok, type Result } from "../../domain/result.ts";
import { limited, MAX_STEPS } from "../work.ts";
import { writeYaml } from "../yaml/write.ts";
import { accumulate } from "./accumulate/accumulate.ts";
import { NOTHING } from "./accumulate/accumulated.ts";
import type { Accumulation } from "./accumulate/accumulation.ts";
import { finish } from "./accumulate/finish.ts";
import { readTarget, type Target, useSchema } from "./accumulate/target.ts";
import { type BuildProblem, buildProblem, placedIn, refusal } from "./build-problem.ts";
import type { Files, Restriction } from "./files.ts";
import { rootLoader } from "./load/create-loader.ts";
import { isSaidIn, locate } from "./locate.ts";
import { createResourceReader } from "./resource/create-resource-reader.ts";
import type { ResourceId } from "./resource/id.ts";
import type { ReadResources } from "./resource/read-resources.ts";
import { currentId, type Resource } from "./resource/resource.ts";
import { createSchema, type Preload } from "./schema/create-schema.ts";

export type Kustomizer = {
  build(input: KustomizeInput): Result<KustomizeBuild, KustomizeFailure>;
  /** Reads objects as builds do, and shares what is kept of files with them. */
  readonly readResources: ReadResources;
  /** What builds may do; for whoever works around them. */
  readonly maxSteps: number;
};

export type KustomizeInput = {
  readonly files: Files;
  /** The folder of the kustomization; `""` is the root of the files. */
  readonly path: string;
  readonly restriction: Restriction;
  readonly manner: Manner;
  /** The files as somebody has written them, where `files` are others; for places. */
  readonly asWritten?: Files;
};

/** In which two programs with the same library differ. */
export type Manner = {
  /** The order of the objects where the kustomization does not say: by kind, or as they were listed. */
  readonly order: "legacy" | "none";
  /** What the label of `buildMetadata: [managedByLabel]` says behind `kustomize-`. */
  readonly version: string;
  /** What an OpenAPI document of a kustomization is added to. */
  readonly preload: Preload;
  /** What is said in front of the words of a panic. */
  readonly panic: string;
};

/** Source: fluxcd/pkg kustomize, Build; the version is recorded in build/build-metadata. */
export const FLUX: Manner = { order: "none", version: "(devel)", preload: "built-in kinds", panic: "recovered from kustomize build panic: " };
/** Source: kubectl 1.35. */
export const KUBECTL: Manner = { order: "legacy", version: "v5.7.1", preload: "nothing", panic: "panic: " };

export type KustomizeBuild = {
  readonly resources: readonly Resource[];
  /** The objects as kustomize prints them, `---` between them. */
  yaml(): string;
  /** The same one by one, each with its id. */
  documents(): readonly KustomizeDocument[];
  /** What kustomize says on the side. */
  readonly warnings: readonly string[];
  /** Every file whose bytes count for the result. */
  readonly read: readonly string[];
  /** Every path that was looked for and is not there: if something appeared at one of them, the result could be another. */
  readonly missed: readonly string[];
};

export type KustomizeDocument = { readonly id: ResourceId; readonly yaml: string };

/** `warnings` were said before it failed. */
export type KustomizeFailure = BuildProblem & { readonly warnings: readonly string[] };

export type KustomizerOptions = {
  /** Bytes of files whose objects are kept for the next build, so that they are not parsed again. */
  readonly keptBytes?: number;
  /** After so many steps a build fails. */
  readonly maxSteps?: number;
};

const KEPT_BYTES = 16 * 1024 * 1024;

/** `kustomize build` as a pure function of files. What it keeps between builds are only parsed files, found again by their bytes. */
export function createKustomizer({ keptBytes = KEPT_BYTES, maxSteps = MAX_STEPS }: KustomizerOptions = {}): Kustomizer {
  const reader = createResourceReader(keptBytes);
  return {
    readResources: reader,
    maxSteps,
    build(input) {
      const warnings: string[] = [];
      const built = limited(maxSteps, () => build(input, reader, warnings), refusal);
      return built.ok ? built : { ok: false, problem: { ...placedFor(input, built.problem), warnings } };
    },
  };
}

/** As people are told it. Where the caller has changed a file, lines are those of the file as it was, and what the caller has added has no place. */
function placedFor({ files, asWritten = files }: KustomizeInput, { message, at, isRefusal }: BuildProblem): BuildProblem {
  const isAdded = at !== undefined && asWritten !== files && isSaidIn(files, at) && !isSaidIn(asWritten, at);
  return { message, isRefusal, ...(at !== undefined && !isAdded && { at: locate(at, asWritten) }) };
}

function build({ files, path, restriction, manner }: KustomizeInput, readResources: ReadResources, warnings: string[]): Result<KustomizeBuild, BuildProblem> {
  const read = new Set<string>();
  const missed = new Set<string>();
  const loader = rootLoader({ files, restriction, read, missed }, path);
  const target = loader.ok ? readTarget(loader.value, "", warnings) : loader;
  if (!target.ok) return target;
  const buildMetadata = new Set(target.value.kustomization.buildMetadata);
  const run: Accumulation = { schema: createSchema(manner.preload), readResources, buildMetadata, warnings };
  const schema = useSchema(target.value, run, true);
  if (!schema.ok) return schema;
  const { file } = target.value;
  const made = makeResources(target.value, manner, run);
  // kustomize panics over an OpenAPI document that is none, whatever else it has found.
  const failure = run.schema.failure();
  if (failure !== undefined) return buildProblem(`${manner.panic}${failure}`, { file, path: ["openapi", "path"] });
  if (!made.ok) return { ok: false, problem: placedIn({ file }, made.problem) };
  const resources = made.value;
  return ok({
    resources,
    yaml: () => resources.map(({ node }) => writeYaml(node)).join("---\n"),
    documents: () => resources.map((resource) => ({ id: currentId(resource, run.schema), yaml: writeYaml(resource.node) })),
    warnings,
    read: [...read],
    missed: [...missed],
  });
}

function makeResources(target: Target, manner: Manner, run: Accumulation): Result<readonly Resource[], BuildProblem> {
  const accumulated = accumulate(target, NOTHING, run.buildMetadata.size === 0 ? undefined : {}, run);
  return accumulated.ok ? finish(accumulated.value, target.kustomization, manner, run) : accumulated;
}
