import { ok, type Result } from "../../../domain/result.ts";
import { quote } from "../../text/quote.ts";
import { type BuildProblem, buildProblem, type Failed, failedBelow, type Path, placedIn, within } from "../build-problem.ts";
import { defaultConfig } from "../config/default-config.ts";
import { readConfigurations } from "../config/read-configurations.ts";
import { readCrds } from "../config/read-crds.ts";
import { showConfig } from "../config/show-config.ts";
import type { Var } from "../kustomization/kustomization.ts";
import type { Loader } from "../load/loader.ts";
import { type Origin, originBelow, withOrigin } from "../metadata/origin.ts";
import { appendAll } from "../resource/resource-list.ts";
import { matchVars } from "../vars/match-vars.ts";
import { mergeVars } from "../vars/merge-vars.ts";
import { showVars } from "../vars/show-var.ts";
import { type Accumulated, createGathering, type Gathering, joinConfigs, NOTHING } from "./accumulated.ts";
import type { Accumulation } from "./accumulation.ts";
import { runGenerators } from "./generators.ts";
import { readTarget, type Target, useSchema } from "./target.ts";
import { runTransformers, runValidators } from "./transformers.ts";

type Step = Result<Accumulated, BuildProblem>;

/**
 * Everything that a kustomization says, in kustomize's order: resources, rules, generators, components, transformers, validators, vars. A component starts with what its
 * parent has; `origin` is set when where objects come from is noted. Source: kustomize api/internal/target, accumulateTarget.
 */
export function accumulate(target: Target, start: Accumulated, origin: Origin | undefined, run: Accumulation): Step {
  const accumulated = accumulateAll(target, start, origin, run);
  return accumulated.ok ? accumulated : { ok: false, problem: placedIn({ file: target.file }, accumulated.problem) };
}

function accumulateAll(target: Target, start: Accumulated, origin: Origin | undefined, run: Accumulation): Step {
  const { kustomization } = target;
  const found = accumulateResources(listed(kustomization.resources, "resources"), target, start, origin, run);
  if (!found.ok) return wrapped("accumulating resources", found.problem);
  const configured = addRules(target, found.value);
  if (!configured.ok) return configured;
  const generated = runGenerators(target, configured.value.resources, origin, run);
  if (!generated.ok) return generated;
  const composed = accumulateComponents(target, { ...configured.value, resources: generated.value }, origin, run);
  if (!composed.ok) return wrapped("accumulating components", composed.problem);
  const transformed = runTransformers(target, composed.value, origin, run);
  if (!transformed.ok) return transformed;
  const validated = runValidators(target, transformed.value, origin, run);
  if (!validated.ok) return validated;
  const matched = matchVars(validated.value, kustomization.vars, run.schema);
  const vars = matched.ok ? mergeVars(composed.value.vars, placedVars(target)) : matched;
  if (!matched.ok) return wrapped(`merging vars ${showVars(kustomization.vars)}`, matched.problem);
  if (!vars.ok) return wrapped(`merging vars ${showVars(kustomization.vars)}`, vars.problem);
  return ok({ ...composed.value, resources: matched.value, vars: vars.value });
}

/** Vars are looked for when all is gathered; then it must be known whose they are. */
const placedVars = ({ kustomization, file }: Target): readonly Var[] =>
  kustomization.vars.map((given, index) => ({ ...given, at: { file, path: ["vars", index] } }));

const wrapped = (prefix: string, problem: BuildProblem): Failed => ({
  ok: false,
  problem: within((message) => `${prefix}: ${message}`, problem),
});

function addRules({ kustomization, loader }: Target, found: Accumulated): Step {
  const own = readConfigurations(kustomization.configurations, loader);
  if (!own.ok) return own;
  const built = kustomization.configurations.length === 0 ? ok(defaultConfig()) : joinConfigs(defaultConfig(), own.value);
  if (!built.ok) return failedBelow(["configurations"], built.problem);
  const configured = joinConfigs(found.config, built.value);
  if (!configured.ok) {
    const words = `merging config ${showConfig(built.value ?? defaultConfig())}`;
    return wrapped(words, failedBelow(["configurations"], configured.problem).problem);
  }
  if (kustomization.crds.length === 0) return ok({ ...found, config: configured.value });
  const crds = readCrds(kustomization.crds, loader);
  if (!crds.ok) return wrapped(`loading CRDs [${kustomization.crds.join(" ")}]`, crds.problem);
  const config = joinConfigs(configured.value, crds.value);
  return config.ok ? ok({ ...found, config: config.value }) : wrapped(`merging CRDs ${showConfig(crds.value)}`, failedBelow(["crds"], config.problem).problem);
}

/** A path, and the way to it in the kustomization. */
export type Listed = { readonly path: string; readonly at: Path };

const listed = (paths: readonly string[], field: string): readonly Listed[] => paths.map((path, index) => ({ path, at: [field, index] }));

/** Each path is tried as a file with objects, then as the folder of another kustomization. */
export function accumulateResources(paths: readonly Listed[], target: Target, start: Accumulated, origin: Origin | undefined, run: Accumulation): Step {
  const gathering = createGathering(start, run.schema);
  for (const { path, at } of paths) {
    const asFile = gatherFile(path, target, gathering, origin, run);
    const taken = asFile.ok || asFile.problem.isRefusal ? asFile : gatherBase(path, target, gathering, origin, run, asFile.problem);
    if (!taken.ok) return { ok: false, problem: placedIn({ file: target.file, path: at }, taken.problem) };
  }
  return ok(gathering.gathered());
}

type Taken = Result<undefined, BuildProblem>;

function gatherFile(path: string, { loader }: Target, gathering: Gathering, origin: Origin | undefined, run: Accumulation): Taken {
  const loaded = loader.load(path);
  if (!loaded.ok) return wrapped(`accumulating resources from '${path}'`, loaded.problem);
  const read = run.readResources(loaded.value.bytes, loaded.value.path);
  const distinct = read.ok ? appendAll([], read.value, run.schema) : { ok: false as const, problem: within((message) => inFile(message, path), read.problem) };
  if (!distinct.ok) return wrapped(`accumulating resources from '${path}'`, distinct.problem);
  const noted = origin === undefined ? distinct.value : distinct.value.map((resource) => withOrigin(resource, originBelow(origin, path)));
  const added = gathering.add(noted);
  return added.ok ? added : wrapped(`merging resources from '${path}'`, added.problem);
}

/** Source: kustomize api/internal/kusterr. */
const inFile = (message: string, path: string): string => (message.includes("MalformedYAMLError") ? `${message} in File: ${path}` : message);

function gatherBase(path: string, target: Target, gathering: Gathering, origin: Origin | undefined, run: Accumulation, asFile: BuildProblem): Taken {
  const opened = target.loader.open(path);
  // What is no YAML is a file, whatever the search for a folder says.
  if (!opened.ok && !opened.problem.isRefusal && asFile.message.includes("MalformedYAMLError")) return { ok: false, problem: asFile };
  const base = opened.ok ? accumulateFolder(openedBy(target, opened.value), undefined, below(origin, path), run) : opened;
  const joined = base.ok ? gathering.join(base.value) : base;
  if (joined.ok) return joined;
  const merging = base.ok && opened.ok ? wrapped(`recursed merging from path '${opened.value.shownRoot}'`, joined.problem) : joined;
  const { problem } = wrapped(`accumulation err='${asFile.message}'`, merging.problem);
  return { ok: false, problem: { ...problem, at: problem.at ?? asFile.at } };
}

function accumulateComponents(target: Target, start: Accumulated, origin: Origin | undefined, run: Accumulation): Step {
  let gathered = start;
  for (const { path, at } of listed(target.kustomization.components, "components")) {
    const opened = target.loader.open(path);
    if (!opened.ok)
      return failedBelow(
        at,
        within((message) => `loader.New ${quote(message)}`, opened.problem),
      );
    const next = accumulateFolder(openedBy(target, opened.value), gathered, below(origin, path), run);
    if (!next.ok)
      return failedBelow(
        at,
        within((message) => `accumulateDirectory: ${quote(message)}`, next.problem),
      );
    gathered = next.value;
  }
  return ok(gathered);
}

const below = (origin: Origin | undefined, path: string): Origin | undefined => (origin === undefined ? undefined : originBelow(origin, path));

/** A folder to go on with, and what it inherits. */
type Opened = { readonly loader: Loader; readonly inheritedNamespace: string };

const openedBy = ({ kustomization, inheritedNamespace }: Target, loader: Loader): Opened => ({
  loader,
  inheritedNamespace: kustomization.namespace || inheritedNamespace,
});

/** What the kustomization of another folder gathers: a component goes on with what its `parent` has, a base (no parent) begins with nothing. */
function accumulateFolder({ loader, inheritedNamespace }: Opened, parent: Accumulated | undefined, origin: Origin | undefined, run: Accumulation): Step {
  const target = readTarget(loader, inheritedNamespace, run.warnings);
  if (!target.ok) return wrapped(`couldn't make target for path '${loader.shownRoot}'`, target.problem);
  const schema = useSchema(target.value, run, false);
  if (!schema.ok) return schema;
  const wrongKind = kindProblem(target.value, parent !== undefined);
  if (wrongKind !== undefined) return buildProblem(wrongKind, { file: target.value.file, path: ["kind"] });
  const made = accumulate(target.value, parent ?? NOTHING, origin, run);
  return made.ok ? made : wrapped(`recursed accumulation of path '${loader.shownRoot}'`, made.problem);
}

function kindProblem({ kustomization: { kind }, loader: { shownRoot } }: Target, isComponent: boolean): string | undefined {
  if (isComponent && kind !== "Component") return `expected kind 'Component' for path '${shownRoot}' but got '${kind}'`;
  return !isComponent && kind === "Component" ? `expected kind != 'Component' for path '${shownRoot}'` : undefined;
}
