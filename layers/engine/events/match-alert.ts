import { labelKeyProblem, labelValueProblem } from "../build/kustomize/select/label-names.ts";
import { subjectOf } from "../domain/manifest.ts";
import type { NotifiedEvent } from "../domain/notified-event.ts";
import type { Alert, EventSource } from "../flux/alert-object.ts";
import type { MessagePatterns } from "./message-pattern.ts";

/** Something that its owner should know about an Alert: reason and message of an Event on it. */
export type Complaint = { readonly reason: "InvalidConfig" | "SourceFetchFailed"; readonly message: string };

export type AlertMatch = { readonly matches: boolean; readonly complaints: readonly Complaint[] };

/** The labels of the object that the event is about, as they are now; undefined when it is not there or may not be read. */
export type LabelReader = () => Promise<{ readonly [key: string]: string } | undefined>;

/** `patterns`: those of the Alert's namespace, for this event. */
export type MatchDeps = { readonly labels: LabelReader; readonly patterns: MessagePatterns };

/**
 * Whether the Alert lets the event through: not suspended, of one of its sources, in the inclusion list, not in the exclusion list; nothing behind the first no is
 * looked at, nor complained about. Source: reference 4.2, recorded in alerts/.
 */
export async function matchAlert(alert: Alert, event: NotifiedEvent, { labels, patterns }: MatchDeps): Promise<AlertMatch> {
  const complaints: Complaint[] = [];
  const no = { matches: false, complaints };
  const complain = (reason: Complaint["reason"], message: string): void => void complaints.push({ reason, message });
  if (alert.spec.suspend || !(await isOfSources(alert, event, labels, complain))) return no;
  if (alert.spec.inclusionList.length > 0 && !isListed("inclusion", alert.spec.inclusionList, event.message, patterns, complain)) return no;
  return { matches: !isListed("exclusion", alert.spec.exclusionList, event.message, patterns, complain), complaints };
}

type Complain = (reason: Complaint["reason"], message: string) => void;

async function isOfSources({ spec }: Alert, event: NotifiedEvent, labels: LabelReader, complain: Complain): Promise<boolean> {
  if (spec.eventSeverity === "error" && event.severity !== "error") return false;
  for (const source of spec.eventSources) {
    if (isNamed(source, event) && (await isLabelled(source, event, labels, complain))) return true;
  }
  return false;
}

const isNamed = ({ kind, namespace, name }: EventSource, { involvedObject }: NotifiedEvent): boolean =>
  namespace === involvedObject.namespace && kind === involvedObject.kind && (name === "*" || name === involvedObject.name);

async function isLabelled(source: EventSource, { involvedObject }: NotifiedEvent, labels: LabelReader, complain: Complain): Promise<boolean> {
  const { matchLabels } = source;
  if (matchLabels === undefined) return true;
  const found = await labels();
  if (found === undefined) {
    complain("SourceFetchFailed", `error getting source object ${subjectOf(involvedObject)}`);
    return false;
  }
  const wanted = Object.entries(matchLabels);
  if (wanted.some(([key, value]) => labelKeyProblem(key) !== undefined || labelValueProblem(key, value) !== undefined)) {
    complain("InvalidConfig", `error using matchLabels from event source ${subjectOf(source)}`);
    return false;
  }
  return wanted.every(([key, value]) => Object.hasOwn(found, key) && found[key] === value);
}

function isListed(list: "inclusion" | "exclusion", expressions: readonly string[], message: string, patterns: MessagePatterns, complain: Complain): boolean {
  for (const expression of expressions) {
    switch (patterns.test(expression, message)) {
      case "matches":
        return true;
      case "differs":
        break;
      case "wrong":
        complain("InvalidConfig", `failed to compile ${list} regex: ${expression}`);
        break;
      case "too-much":
        complain("InvalidConfig", `${list} regex takes too long: ${expression}`);
        break;
    }
  }
  return false;
}
