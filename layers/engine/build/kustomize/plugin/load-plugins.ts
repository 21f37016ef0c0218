import { ok, type Result } from "../../../domain/result.ts";
import type { NotedGenerator } from "../accumulate/generators.ts";
import type { NotedTransformer } from "../accumulate/transformers.ts";
import { type BuildProblem, buildProblem, type Place, placedIn, within } from "../build-problem.ts";
import type { Loader } from "../load/loader.ts";
import { originOfPlugin } from "../metadata/origin.ts";
import { showGvk, showId } from "../resource/id.ts";
import type { ReadResources } from "../resource/read-resources.ts";
import { gvkOf, originalId, type Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { configurePlugin, type Plugin } from "./configure-plugin.ts";

/** What a plugin may reach while it is configured; `file` is the kustomization that lists it. */
export type PluginRun = { readonly file: string; readonly loader: Loader; readonly readResources: ReadResources; readonly schema: Schema };

/** The generators that objects configure. Source: kustomize api/internal/plugins/loader. */
export function loadGenerators(configs: readonly Resource[], run: PluginRun): Result<readonly NotedGenerator[], BuildProblem> {
  const generators: NotedGenerator[] = [];
  for (const config of configs) {
    const plugin = load(config, run);
    if (!plugin.ok) return { ok: false, problem: within((message) => `failed to load generator: ${message}`, plugin.problem) };
    const { generate } = plugin.value;
    if (generate === undefined) return buildProblem(`failed to load generator: plugin ${shownId(config, run)} not a generator`, config.from);
    generators.push({ generate, origin: originOfPlugin(config), at: placeOf(config, run) });
  }
  return ok(generators);
}

/** The transformers that objects configure; validators are loaded in the same way. */
export function loadTransformers(configs: readonly Resource[], run: PluginRun): Result<readonly NotedTransformer[], BuildProblem> {
  const transformers: NotedTransformer[] = [];
  for (const config of configs) {
    const plugin = load(config, run);
    if (!plugin.ok) return plugin;
    const { transform } = plugin.value;
    if (transform === undefined) return buildProblem(`plugin ${shownId(config, run)} not a transformer`, config.from);
    transformers.push({ transformer: transform, origin: originOfPlugin(config), at: placeOf(config, run) });
  }
  return ok(transformers);
}

/** Only what is built in: anything else would be a program to run. */
function load(config: Resource, run: PluginRun): Result<Plugin, BuildProblem> {
  const { group, version, kind } = gvkOf(config);
  if (group !== "" || version !== "builtin") return buildProblem(`external plugins disabled; unable to load external plugin '${kind}'`, config.from);
  const configured = configurePlugin(kind, config, run);
  if (configured === undefined) return buildProblem(`unable to load builtin ${showGvk({ group, version, kind })}`, config.from);
  if (configured.ok) return configured;
  const problem = within((message) => `plugin ${shownId(config, run)} fails configuration: ${message}`, configured.problem);
  return { ok: false, problem: placedIn(placeOf(config, run), problem) };
}

/** What was generated stands nowhere. */
const placeOf = ({ from }: Resource, { file }: PluginRun): Place => from ?? { file };

const shownId = (config: Resource, { schema }: PluginRun): string => showId(originalId(config, schema));
