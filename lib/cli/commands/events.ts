import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { parseTime } from "@sluice/engine/domain/time.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { Command } from "commander";
import type { Cli, Session, Settings } from "../cli.ts";
import { type EventSubject, eventSubject, type Reference } from "../event-subject.ts";
import { Failure } from "../failure.ts";
import { textAt } from "../fields.ts";
import { flagsOf } from "../flags.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { listObjects } from "../list-objects.ts";
import { EVENT_HEADER, eventRow } from "../render/event-row.ts";
import { renderTable } from "../render/table.ts";

type Flags = GlobalFlags & { readonly allNamespaces?: boolean; readonly watch?: boolean; readonly for?: string; readonly types?: readonly string[] };

/** The kinds whose events are shown. Source: reference 6.8. */
const SHOWN: ReadonlySet<string> = new Set(
  [
    "Kustomization",
    "HelmRelease",
    "Alert",
    "Receiver",
    "Provider",
    "ImagePolicy",
    "HelmChart",
    "GitRepository",
    "OCIRepository",
    "Bucket",
    "HelmRepository",
    "ImageUpdateAutomation",
    "ImageRepository",
    "ArtifactGenerator",
  ].map((kind) => kind.toLowerCase()),
);
const TYPES: ReadonlySet<string> = new Set(["normal", "warning"]);

export const eventsCommand = (cli: Cli): Command =>
  new Command("events")
    .summary("Display Kubernetes events for Flux resources")
    .argument("[none...]")
    .option("-A, --all-namespaces", "display events from Flux resources across all namespaces")
    .option("-w, --watch", "go on and show events as they come")
    .option("--for <string>", "events for a particular object, <kind>[/<name>]")
    .option("--types <strings>", "only events of these types: Normal, Warning", (text: string, before: readonly string[] = []) => [
      ...before,
      ...text.split(","),
    ])
    .action(async (_words: string[], _: unknown, self: Command) => showEvents(cli, flagsOf<Flags>(self)));

async function showEvents(cli: Cli, flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  const types = (flags.types ?? []).map((type) => type.toLowerCase());
  const wrong = (flags.types ?? []).find((type) => !TYPES.has(type.toLowerCase()));
  if (wrong !== undefined) throw new Failure(`type '${wrong}' not supported. Supported types are Normal, Warning`);
  const session = await cli.connect(settings);
  const here = flags.allNamespaces === true ? "" : settings.namespace;
  const subjects = flags.for === undefined ? undefined : await eventSubject(session.cluster, flags.for, settings.namespace);
  const wanted = (event: Manifest): boolean =>
    SHOWN.has(kindOf(event).toLowerCase()) && (types.length === 0 || types.includes(textAt(event, "type").toLowerCase())) && isAbout(event, subjects, here);
  const withNamespace = here === "" || (subjects?.references ?? []).some(({ namespace }) => namespace !== here);
  const namespaces = [...new Set([here, ...(here === "" ? [] : (subjects?.references ?? []).map(({ namespace }) => namespace))])];
  if (flags.watch === true) return follow(cli, session, settings, namespaces, wanted, withNamespace);
  const found = (await readEvents(session.cluster, namespaces)).filter(wanted).toSorted((a, b) => rankOf(a, subjects, here) - rankOf(b, subjects, here));
  const events = found.toSorted((a, b) => timeOf(a) - timeOf(b));
  if (events.length === 0) return cli.say.failure(flags.allNamespaces === true ? "No events found." : `No events found in ${settings.namespace} namespace.`);
  const rows = events.map((event) => eventRow(event, cli.clock.now(), withNamespace));
  cli.out(renderTable(headerOf(withNamespace), rows));
}

const headerOf = (withNamespace: boolean): readonly string[] => (withNamespace ? ["Namespace", ...EVENT_HEADER] : EVENT_HEADER);
const kindOf = (event: Manifest): string => textAt(event, "involvedObject", "kind");

/** The object itself where it was asked for (`here`, or anywhere), or one that it refers to, in the namespace that it names. */
const isAbout = (event: Manifest, subjects: EventSubject | undefined, here: string): boolean => rankOf(event, subjects, here) >= 0;

/** Of one second, those of the object come before those of what it refers to. -1: it is about neither. */
function rankOf(event: Manifest, subjects: EventSubject | undefined, here: string): number {
  if (subjects === undefined) return 0;
  const is = ({ kind, name, namespace }: Reference): boolean =>
    kindOf(event) === kind && (name === "" || textAt(event, "involvedObject", "name") === name) && (namespace === "" || event.metadata.namespace === namespace);
  return [{ ...subjects.subject, namespace: here }, ...subjects.references].findIndex(is);
}

async function readEvents(cluster: Cluster, namespaces: readonly string[]): Promise<readonly Manifest[]> {
  const lists = await Promise.all(
    namespaces.map((namespace) =>
      listObjects(cluster, { apiVersion: "v1", kind: "Event", ...(namespace !== "" && { namespace }) }).catch((error: unknown) => {
        throw error instanceof Failure ? new Failure(`error getting events: ${error.message}`) : error;
      }),
    ),
  );
  return lists.flat();
}

/** When an event was last seen; 0 where it does not say. */
const timeOf = (event: Manifest): number =>
  parseTime(textAt(event, "series", "lastObservedTime") || textAt(event, "lastTimestamp") || textAt(event, "eventTime") || undefined) ?? 0;

async function follow(
  cli: Cli,
  { server }: Session,
  settings: Settings,
  namespaces: readonly string[],
  wanted: (event: Manifest) => boolean,
  withNamespace: boolean,
): Promise<void> {
  const signal = AbortSignal.any([cli.signal, AbortSignal.timeout(settings.timeout)]);
  let first = true;
  const show = ({ type, object }: { readonly type: string; readonly object: Manifest }): void => {
    if (type === "DELETED" || !wanted(object)) return;
    cli.out(renderTable(first ? headerOf(withNamespace) : [], [eventRow(object, cli.clock.now(), withNamespace)]));
    first = false;
  };
  await Promise.all(namespaces.map((namespace) => server.watch({ apiVersion: "v1", kind: "Event", ...(namespace !== "" && { namespace }) }, show, signal)));
}
