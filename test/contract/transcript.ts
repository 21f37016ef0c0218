import type { Answer, Body } from "./client.ts";

export type Transcript = {
  /** Adds what was asked and what came back, in a form that is the same on every server and in every run. */
  add(asked: string, answer: Pick<Answer, "code" | "body" | "text">): void;
  note(line: string): void;
  text(): string;
};

export type TranscriptOptions = { readonly namespace: string; readonly managedFields: boolean };

const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z\b/g;
const UID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
/** In what was asked; answers are walked through. */
const VERSION = /resourceVersion(\\*":\\*")(\d+)/g;
const TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g;

/**
 * The story of one contract case. What differs from run to run is replaced: the namespace, uids (numbered as they appear), times, tokens,
 * and resourceVersions, numbered by size within a case, so that "not written" and "newer" still show.
 */
export function createTranscript({ namespace, managedFields }: TranscriptOptions): Transcript {
  const lines: string[] = [];
  const uids = new Map<string, string>();
  const versions = new Map<string, string>();
  const label = (known: Map<string, string>, prefix: string, value: string): string => {
    const name = known.get(value) ?? `${prefix}${known.size + 1}`;
    known.set(value, name);
    return name;
  };

  function canonical(value: Body, key = ""): Body {
    if (Array.isArray(value)) return value.map((item) => canonical(item));
    if (key === "resourceVersion" && typeof value === "string" && value !== "" && value !== "<now>") return label(versions, "rv", value);
    if (typeof value !== "object" || value === null) return value;
    if (typeof value.kind === "string" && value.kind.endsWith("List") && /^\d+$/.test(value.metadata?.resourceVersion))
      return canonical({ ...value, metadata: { ...value.metadata, resourceVersion: "<now>" } }); // whatever else was written meanwhile counts
    if (Array.isArray(value.details?.causes)) return canonical(withSortedCauses(value));
    if (value.kind === "Thing" && typeof value.storageVersionHash === "string" && value.storageVersionHash !== "<hash>")
      return canonical({ ...value, storageVersionHash: "<hash>" });
    if (CONTROLLED.includes(value.kind) && value.metadata?.name !== undefined && value.status !== undefined) return canonical(withoutControllers(value));
    const keys = Object.keys(value).filter((name) => managedFields || name !== "managedFields");
    return Object.fromEntries(keys.toSorted().map((name) => [name, canonical(value[name], name)]));
  }

  const replaced = (text: string): string =>
    text
      .replaceAll(TOKEN, "<token>")
      .replaceAll(TIME, "<time>")
      .replaceAll(UID, (uid) => label(uids, "uid", uid))
      .replaceAll(VERSION, (_, between, version) => `resourceVersion${between}${label(versions, "rv", version)}`)
      .replaceAll(namespace, "$NS");

  return {
    add: (asked, { code, body, text }) => {
      lines.push(replaced(`> ${asked}`), replaced(`${code} ${body === undefined ? text.trim() : JSON.stringify(canonical(body))}`), "");
    },
    note: (line) => lines.push(replaced(/^[{[]/.test(line) ? JSON.stringify(canonical(JSON.parse(line))) : line), ""),
    text: () => lines.join("\n"),
  };
}

/** Their status is written by controllers in their own time; the cases about controllers wait for it, the others leave it out. */
const CONTROLLED = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"];

function withoutControllers({ status: _, ...object }: Body): Body {
  const { managedFields, ...metadata } = object.metadata;
  const own = managedFields?.filter(({ manager }: Body) => manager !== "kube-controller-manager");
  return { ...object, metadata: { ...metadata, ...(own !== undefined && { managedFields: own }) } };
}

/** The real server finds conflicts, and faults of custom resources, in the random order of Go's maps. */
function withSortedCauses(status: Body): Body {
  const { causes, group = "", ...details } = status.details;
  const random = status.reason === "Conflict" || group.endsWith(".example.com");
  const text = ({ field, message }: Body): string => `${field}: ${message}`;
  const sorted = random ? causes.toSorted((a: Body, b: Body) => (text(a) < text(b) ? -1 : 1)) : causes;
  const message = status.message.replace(`[${causes.map(text).join(", ")}]`, `[${sorted.map(text).join(", ")}]`);
  return { ...status, message, details: { ...details, ...(group !== "" && { group }), "sorted causes": sorted } };
}
