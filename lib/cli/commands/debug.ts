import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { Command } from "commander";
import type { Cli, Session } from "../cli.ts";
import { Failure } from "../failure.ts";
import { valueAt } from "../fields.ts";
import { flagsOf } from "../flags.ts";
import { type FluxType, TYPES } from "../flux-types.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { readObject, refOfType } from "../read-object.ts";

type Flags = GlobalFlags & { readonly showStatus?: boolean; readonly showHistory?: boolean; readonly showValues?: boolean; readonly showVars?: boolean };

/** One kind that can be debugged. `inputs`: the flag for what goes into a run, and what that is as text. */
type Debugged = {
  readonly type: FluxType;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly documentation: string;
  /** The anchor of the status in that page. */
  readonly anchor: string;
  readonly inputs: { readonly flag: "--show-values" | "--show-vars"; readonly about: string; read(session: Session, object: Manifest): Promise<string> };
};

const KINDS: readonly Debugged[] = [
  {
    type: TYPES.HelmRelease,
    aliases: ["hr"],
    summary: "Debug a HelmRelease resource; what it prints may be secret",
    documentation: "https://fluxcd.io/flux/components/helm/helmreleases/",
    anchor: "helmrelease-status",
    inputs: { flag: "--show-values", about: "print the final values of the Helm release", read: finalValues },
  },
  {
    type: TYPES.Kustomization,
    aliases: ["ks"],
    summary: "Debug a Flux Kustomization resource; what it prints may be secret",
    documentation: "https://fluxcd.io/flux/components/kustomize/kustomizations/",
    anchor: "kustomization-status",
    inputs: { flag: "--show-vars", about: "print the final vars of the Flux Kustomization in dot env format", read: finalVariables },
  },
];

/** Source: reference 6.9, and real output of flux 2.9.5. */
export function debugCommand(cli: Cli): Command {
  const verb = new Command("debug").summary("Debug a failing reconciliation: its status, its history, the values that go into it");
  for (const kind of KINDS)
    verb.addCommand(
      new Command(kind.type.word)
        .aliases([...kind.aliases])
        .summary(kind.summary)
        .argument("[name...]")
        .option("--show-history", "print the reconciliation history")
        .option("--show-status", "print the status")
        .option(kind.inputs.flag, kind.inputs.about)
        .action(async (names: string[], _: unknown, self: Command) => debugOne(cli, kind, names, flagsOf<Flags>(self))),
    );
  return verb;
}

async function debugOne(cli: Cli, kind: Debugged, names: readonly string[], flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  const [name = ""] = names;
  if (names.length !== 1) throw new Failure(`accepts 1 arg(s), received ${names.length}`);
  const showInputs = flags.showValues === true || flags.showVars === true;
  if ([flags.showStatus === true, flags.showHistory === true, showInputs].filter((shown) => shown).length !== 1)
    throw new Failure(`exactly one of --show-status, ${kind.inputs.flag}, or --show-history must be set`);
  const session = await cli.connect(settings);
  const object = await readObject(session.cluster, refOfType(kind.type, settings, name));
  if (showInputs) cli.out(await kind.inputs.read(session, object));
  else if (flags.showStatus === true)
    cli.out(`# Status documentation: ${kind.documentation}#${kind.anchor}\n${await yamlOf(asGoWrites(valueAt(object, "status") ?? {}))}`);
  else cli.out(`# History documentation: ${kind.documentation}#history\n${await yamlOf(historyOf(asGoWrites(valueAt(object, "status") ?? {})))}`);
}

/** As Go writes a status: a release that is not deleted has `deleted: null`. */
function asGoWrites(status: Json): Json {
  if (!isObject(status)) return {};
  const history = status.history;
  if (!isArray(history)) return status;
  return { ...status, history: history.map((entry) => (isObject(entry) && Object.hasOwn(entry, "firstDeployed") ? { deleted: null, ...entry } : entry)) };
}

const historyOf = (status: Json): Json => (isObject(status) && isArray(status.history) ? status.history : []);

async function yamlOf(value: Json): Promise<string> {
  const { writeYaml } = await import("@sluice/engine/build/yaml/write.ts");
  return `${writeYaml(value).trimEnd()}\n`;
}

async function finalVariables({ cluster }: Session, object: Manifest): Promise<string> {
  const { readVariables } = await import("@sluice/engine/reconcile/kustomization/variables.ts");
  const { parsed } = await import("../build/find-kustomization.ts");
  const { textOf } = await import("@sluice/engine/build/substitute/bytes.ts");
  const kustomization = parsed(object);
  if (kustomization.spec.postBuild === undefined) throw new Failure("no post build substitutions found");
  const { variables } = await readVariables(cluster, kustomization);
  if (!variables.ok) throw new Failure(variables.problem);
  return [...variables.value]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${textOf(value)}\n`)
    .join("");
}

async function finalValues({ cluster }: Session, object: Manifest): Promise<string> {
  const { parseHelmRelease } = await import("@sluice/engine/flux/helm-release-object.ts");
  const { composeValues } = await import("@sluice/engine/reconcile/helm-release/compose-values.ts");
  const release = parseHelmRelease(object);
  if (!release.ok) throw new Failure(release.problem);
  const values = await composeValues(cluster, release.value);
  if (!values.ok) throw new Failure(values.problem);
  return yamlOf(values.value);
}
