import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem, within } from "../build-problem.ts";
import { defaultConfig } from "../config/default-config.ts";
import { readConfigurations } from "../config/read-configurations.ts";
import { readCrds } from "../config/read-crds.ts";
import type { Loader } from "../load/loader.ts";
import { type Origin, originBelow, withOrigin } from "../metadata/origin.ts";
import { appendAll } from "../resource/resource-list.ts";
import { quote } from "../text/quote.ts";
import { matchVars } from "../vars/match-vars.ts";
import { mergeVars } from "../vars/merge-vars.ts";
import { showVars } from "../vars/show-var.ts";
import { type Accumulated, joinAccumulated, joinConfigs, NOTHING } from "./accumulated.ts";
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
  const { kustomization } = target;
  const found = accumulateResources(kustomization.resources, target, start, origin, run);
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
  const vars = matched.ok ? mergeVars(composed.value.vars, kustomization.vars) : matched;
  if (!matched.ok) return wrapped(`merging vars ${showVars(kustomization.vars)}`, matched.problem);
  if (!vars.ok) return buildProblem(`merging vars ${showVars(kustomization.vars)}: ${vars.problem}`, { file: target.file, field: "vars" });
  return ok({ ...composed.value, resources: matched.value, vars: vars.value });
}

const wrapped = (prefix: string, problem: BuildProblem): { readonly ok: false; readonly problem: BuildProblem } => ({
  ok: false,
  problem: within((message) => `${prefix}: ${message}`, problem),
});

function addRules({ kustomization, loader }: Target, found: Accumulated): Step {
  const own = readConfigurations(kustomization.configurations, loader);
  if (!own.ok) return own;
  const built = kustomization.configurations.length === 0 ? ok(defaultConfig) : joinConfigs(defaultConfig, own.value);
  const configured = built.ok ? joinConfigs(found.config, built.value) : built;
  if (!configured.ok) return configured;
  if (kustomization.crds.length === 0) return ok({ ...found, config: configured.value });
  const crds = readCrds(kustomization.crds, loader);
  if (!crds.ok) return wrapped(`loading CRDs [${kustomization.crds.join(" ")}]`, crds.problem);
  const config = joinConfigs(configured.value, crds.value);
  return config.ok ? ok({ ...found, config: config.value }) : config;
}

/** Each path is tried as a file with objects, then as the folder of another kustomization. */
export function accumulateResources(paths: readonly string[], target: Target, start: Accumulated, origin: Origin | undefined, run: Accumulation): Step {
  let gathered = start;
  for (const path of paths) {
    const asFile = accumulateFile(path, target, gathered, origin, run);
    const next = asFile.ok || asFile.problem.isRefusal ? asFile : accumulateBase(path, target, gathered, origin, run, asFile.problem);
    if (!next.ok) return next;
    gathered = next.value;
  }
  return ok(gathered);
}

function accumulateFile(path: string, { loader }: Target, gathered: Accumulated, origin: Origin | undefined, run: Accumulation): Step {
  const loaded = loader.load(path);
  if (!loaded.ok) return wrapped(`accumulating resources from '${path}'`, loaded.problem);
  const read = run.readResources(decode(loaded.value.bytes), loaded.value.path);
  const distinct = read.ok ? appendAll([], read.value, run.schema) : { ok: false as const, problem: within((message) => inFile(message, path), read.problem) };
  if (!distinct.ok) return wrapped(`accumulating resources from '${path}'`, distinct.problem);
  const noted = origin === undefined ? distinct.value : distinct.value.map((resource) => withOrigin(resource, originBelow(origin, path)));
  const resources = appendAll(gathered.resources, noted, run.schema);
  return resources.ok ? ok({ ...gathered, resources: resources.value }) : wrapped(`merging resources from '${path}'`, resources.problem);
}

/** Source: kustomize api/internal/kusterr. */
const inFile = (message: string, path: string): string => (message.includes("MalformedYAMLError") ? `${message} in File: ${path}` : message);

const decode = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

function accumulateBase(path: string, target: Target, gathered: Accumulated, origin: Origin | undefined, run: Accumulation, asFile: BuildProblem): Step {
  const opened = target.loader.open(path);
  // What is no YAML is a file, whatever the search for a folder says.
  if (!opened.ok && !opened.problem.isRefusal && asFile.message.includes("MalformedYAMLError")) return { ok: false, problem: asFile };
  const base = opened.ok ? accumulateFolder(openedBy(target, opened.value), gathered, below(origin, path), run, false) : opened;
  if (base.ok) return base;
  const { problem } = wrapped(`accumulation err='${asFile.message}'`, base.problem);
  return { ok: false, problem: { ...problem, at: problem.at ?? asFile.at } };
}

function accumulateComponents(target: Target, start: Accumulated, origin: Origin | undefined, run: Accumulation): Step {
  let gathered = start;
  for (const path of target.kustomization.components) {
    const opened = target.loader.open(path);
    if (!opened.ok) return { ok: false, problem: within((message) => `loader.New ${quote(message)}`, opened.problem) };
    const next = accumulateFolder(openedBy(target, opened.value), gathered, below(origin, path), run, true);
    if (!next.ok) return { ok: false, problem: within((message) => `accumulateDirectory: ${quote(message)}`, next.problem) };
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

/** The kustomization of another folder. A component goes on with what there is; a base begins with nothing and is added when it is done. */
function accumulateFolder(
  { loader, inheritedNamespace }: Opened,
  gathered: Accumulated,
  origin: Origin | undefined,
  run: Accumulation,
  isComponent: boolean,
): Step {
  const target = readTarget(loader, inheritedNamespace, run.warnings);
  if (!target.ok) return wrapped(`couldn't make target for path '${loader.shownRoot}'`, target.problem);
  const schema = useSchema(target.value, run, false);
  if (!schema.ok) return schema;
  const wrongKind = kindProblem(target.value, isComponent);
  if (wrongKind !== undefined) return buildProblem(wrongKind, { file: target.value.file, field: "kind" });
  const made = accumulate(target.value, isComponent ? gathered : NOTHING, origin, run);
  if (!made.ok) return wrapped(`recursed accumulation of path '${loader.shownRoot}'`, made.problem);
  if (isComponent) return made;
  const joined = joinAccumulated(gathered, made.value, run.schema);
  return joined.ok ? joined : wrapped(`recursed merging from path '${loader.shownRoot}'`, joined.problem);
}

function kindProblem({ kustomization: { kind }, loader: { shownRoot } }: Target, isComponent: boolean): string | undefined {
  if (isComponent && kind !== "Component") return `expected kind 'Component' for path '${shownRoot}' but got '${kind}'`;
  return !isComponent && kind === "Component" ? `expected kind != 'Component' for path '${shownRoot}'` : undefined;
}
