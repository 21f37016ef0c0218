import type { Manifest } from "../../domain/manifest.ts";
import { subjectOf } from "../../domain/manifest.ts";
import type { NotifiedEvent } from "../../domain/notified-event.ts";
import type { Result } from "../../domain/result.ts";
import { type LabelReader, matchAlert } from "../../events/match-alert.ts";
import { createMessagePatterns, type MessagePatterns } from "../../events/message-pattern.ts";
import { combineMetadata } from "../../events/metadata.ts";
import { whyNotFor } from "../../events/provider-takes.ts";
import { type Alert, parseAlert } from "../../flux/alert-object.ts";
import { apiVersionOfKind, KINDS } from "../../flux/kinds.ts";
import type { Provider } from "../../flux/provider-object.ts";
import { inParallel } from "../in-parallel.ts";
import type { Claim } from "./claim.ts";
import type { NotificationsDeps } from "./deps.ts";
import { readProvider } from "./read-provider.ts";
import { dispatchFailed, sayOnAlert, type ToldAlert } from "./say.ts";

type AlertDeps = Pick<NotificationsDeps, "clusterName" | "cluster" | "deliveries" | "events" | "log" | "settings">;

/** `matching`: how many Alerts let the event through; some of their Providers do not take it. */
export type SentToAlerts = { readonly matching: number; readonly deliveries: number };

/** Alerts side by side. */
const PARALLEL = 8;

/** The event to every Alert of the cluster, each by itself: what one of them breaks, or finds nobody to answer, the others do not feel; it is thrown at the end. */
export async function sendToAlerts(deps: AlertDeps, event: NotifiedEvent, claim: Claim): Promise<SentToAlerts> {
  const round = createRound(deps, event, claim);
  const alerts = await listAlerts(deps);
  const broken: unknown[] = [];
  const ends = await inParallel(alerts, PARALLEL, (alert) =>
    sendToAlert(round, alert).catch((error: unknown): AlertEnd => {
      broken.push(error);
      return "passed";
    }),
  );
  if (broken.length > 0) throw broken[0];
  const sent = ends.filter((end) => end === "sent").length;
  return { matching: sent + ends.filter((end) => end === "matched").length, deliveries: sent };
}

async function listAlerts({ cluster, log }: AlertDeps): Promise<readonly Manifest[]> {
  const answer = await cluster.list({ apiVersion: apiVersionOfKind(KINDS.Alert), kind: KINDS.Alert.kind });
  if (answer.kind === "listed") return answer.items;
  if (answer.why !== "unknown-kind" && answer.why !== "absent") throw new Error(`the Alerts cannot be listed: ${answer.message}`);
  log.info("no Alerts in this cluster", { why: answer.message });
  return [];
}

/** One event on its way to all Alerts: what several of them ask for is read once. */
type Round = AlertDeps & {
  readonly event: NotifiedEvent;
  readonly claim: Claim;
  readonly labels: LabelReader;
  readonly provider: (namespace: string, name: string) => Promise<Result<Provider>>;
  /** One tenant's patterns may take no other's time. */
  readonly patterns: (namespace: string) => MessagePatterns;
};

function createRound(deps: AlertDeps, event: NotifiedEvent, claim: Claim): Round {
  const read = new Map<string, Promise<Result<Provider>>>();
  const patterns = new Map<string, MessagePatterns>();
  let labels: ReturnType<LabelReader> | undefined;
  return {
    ...deps,
    event,
    claim,
    labels: () => {
      labels ??= readLabels(deps, event);
      return labels;
    },
    provider: (namespace, name) => {
      const known = read.get(`${namespace}/${name}`) ?? readProvider(deps.cluster, namespace, name);
      read.set(`${namespace}/${name}`, known);
      return known;
    },
    patterns: (namespace) => {
      const known = patterns.get(namespace) ?? createMessagePatterns();
      patterns.set(namespace, known);
      return known;
    },
  };
}

async function readLabels({ cluster }: AlertDeps, { involvedObject }: NotifiedEvent): ReturnType<LabelReader> {
  const { apiVersion, kind, namespace, name } = involvedObject;
  const answer = await cluster.get({ apiVersion, kind, namespace, name });
  return answer.kind === "found" ? (answer.object.metadata.labels ?? {}) : undefined;
}

type AlertEnd = "passed" | "matched" | "sent";

async function sendToAlert(round: Round, manifest: Manifest): Promise<AlertEnd> {
  const { event, events, log, claim } = round;
  const told = toldAlert(manifest);
  const alert = parseAlert(manifest);
  if (!alert.ok) {
    if (!(await claim())) return "passed";
    log.error("malformed", { object: `Alert/${told.namespace}/${told.name}`, error: alert.problem });
    await sayOnAlert(events, told, { reason: "InvalidConfig", message: `the Alert cannot be read: ${alert.problem}` });
    return "passed";
  }
  const { matches, complaints } = await matchAlert(alert.value, event, { labels: round.labels, patterns: round.patterns(told.namespace) });
  if (!matches && complaints.length === 0) return "passed";
  if (!(await claim())) return "passed";
  const end = matches ? await sendMatching(round, alert.value, told) : "passed";
  for (const complaint of complaints) await sayOnAlert(events, told, complaint);
  return end;
}

async function sendMatching(round: Round, alert: Alert, told: ToldAlert): Promise<AlertEnd> {
  const { event, events, deliveries, clusterName } = round;
  const refuse = async (problem: string): Promise<AlertEnd> => {
    await sayOnAlert(events, told, { reason: "NotificationDispatchFailed", message: dispatchFailed(event, problem) });
    return "matched";
  };

  if (round.settings.noCrossNamespaceRefs && event.involvedObject.namespace !== told.namespace) return refuse(crossNamespace(event, told));
  const provider = await round.provider(told.namespace, alert.spec.provider);
  if (!provider.ok) return refuse(provider.problem);
  if (whyNotFor(provider.value, event) !== undefined) return "matched";
  const combined = combineMetadata(event, alert);
  const { namespace, name, uid } = told;
  const target = { kind: "provider", alert: { namespace, name, uid }, provider: alert.spec.provider } as const;
  await deliveries.send({ cluster: clusterName, event: combined.event, target, attempt: 0, done: 0 });
  if (Object.keys(combined.conflicts).length > 0) {
    await sayOnAlert(events, told, { reason: "MetadataAppendFailed", message: CONFLICTS, annotations: combined.conflicts });
  }
  return "sent";
}

const CONFLICTS = "metadata key conflicts detected (please refer to the Alert API docs and Flux RFC 0008 for more information)";

/** Source: recorded in alerts/no-cross-namespace-refs. */
const crossNamespace = ({ involvedObject }: NotifiedEvent, { namespace, name }: ToldAlert): string =>
  `discarding event, access denied to cross-namespace sources: alert '${namespace}/${name}' can't process event from '${subjectOf(involvedObject)}', cross-namespace references have been blocked`;

const toldAlert = ({ metadata }: Manifest): ToldAlert => ({
  namespace: metadata.namespace ?? "",
  name: metadata.name ?? "",
  uid: metadata.uid ?? "",
  resourceVersion: metadata.resourceVersion ?? "",
});
