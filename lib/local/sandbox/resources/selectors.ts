import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { invalid } from "../schema/field-error.ts";
import { labelValue, qualifiedName } from "../schema/names.ts";

export type Match = (object: Manifest) => boolean;

type Labels = { readonly [key: string]: string };
type LabelTest = (labels: Labels) => boolean;
type Token = { readonly kind: "word" | "punctuation" | "end"; readonly text: string };

const SYMBOLS = ["!=", "==", "=", "!", "(", ")", ",", ">", "<"];

/** `app=web,tier in (a,b),!legacy`. Source: apimachinery labels.Parse, with its texts. */
export function parseLabelSelector(text: string): Result<Match> {
  const tokens = tokenize(text);
  const tests: LabelTest[] = [];
  let at = 0;
  const peek = (): Token => tokens[at] ?? { kind: "end", text: "" };
  const take = (): Token => {
    const token = peek();
    at += 1;
    return token;
  };

  while (peek().kind !== "end") {
    const first = peek();
    if (first.kind !== "word" && first.text !== "!") return problem(`found '${first.text}', expected: !, identifier, or 'end of string'`);
    const requirement = parseRequirement(peek, take);
    if (!requirement.ok) return problem(`unable to parse requirement: ${requirement.problem}`);
    tests.push(requirement.value);
    const separator = take();
    if (separator.kind === "end") break;
    if (separator.text !== ",") return problem(`found '${separator.text}', expected: ',' or 'end of string'`);
    if (peek().kind !== "word" && peek().text !== "!") return problem(`found '${peek().text}', expected: identifier after ','`);
  }
  return ok(({ metadata }) => tests.every((test) => test(metadata.labels ?? {})));
}

function parseRequirement(peek: () => Token, take: () => Token): Result<LabelTest> {
  const negated = peek().text === "!";
  if (negated) take();
  const key = take();
  if (key.kind !== "word") return problem(`found '${key.text}', expected: identifier`);
  const bad = qualifiedName(key.text)[0];
  if (bad !== undefined) return problem(`<nil>: ${invalid("", key.text, bad).detail}`);
  if (negated) return ok((labels) => !Object.hasOwn(labels, key.text));
  const next = peek();
  if (next.kind === "end" || next.text === ",") return ok((labels) => Object.hasOwn(labels, key.text));
  const operator = take().text;
  switch (operator) {
    case "=":
    case "==":
    case "!=": {
      const value = peek().kind === "word" ? take().text : "";
      const wrong = labelValue(value)[0];
      if (wrong !== undefined) return problem(`<nil>: ${invalid("", value, wrong).detail}`);
      return ok(operator === "!=" ? (labels) => labels[key.text] !== value : (labels) => Object.hasOwn(labels, key.text) && labels[key.text] === value);
    }
    case ">":
    case "<": {
      const bound = Number(take().text);
      if (!Number.isInteger(bound)) return problem("for 'Gt', 'Lt' operators, the value must be an integer");
      return ok((labels) => Object.hasOwn(labels, key.text) && (operator === ">" ? Number(labels[key.text]) > bound : Number(labels[key.text]) < bound));
    }
    case "in":
    case "notin": {
      const values = parseValues(peek, take);
      if (!values.ok) return values;
      const among = new Set(values.value);
      return ok(
        operator === "in" ? (labels) => Object.hasOwn(labels, key.text) && among.has(labels[key.text] ?? "") : (labels) => !among.has(labels[key.text] ?? "\0"),
      );
    }
    default:
      return problem(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
  }
}

function parseValues(peek: () => Token, take: () => Token): Result<readonly string[]> {
  const open = take();
  if (open.text !== "(") return problem(`found '${open.text}' expected: '('`);
  const values: string[] = [];
  while (true) {
    values.push(peek().kind === "word" ? take().text : "");
    const next = take();
    if (next.text === ")") return ok(values);
    if (next.text !== ",") return problem(`found '${next.text}', expected: ',' or ')'`);
  }
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const space = /^\s+/.exec(rest);
    if (space !== null) {
      at += space[0].length;
      continue;
    }
    const symbol = SYMBOLS.find((candidate) => rest.startsWith(candidate));
    const word = symbol ?? /^[^\s!=(),<>]+/.exec(rest)?.[0] ?? rest;
    tokens.push({ kind: symbol === undefined ? "word" : "punctuation", text: word });
    at += word.length;
  }
  return tokens;
}

/** Beyond `metadata.name` and `metadata.namespace`: the fields that a kind can be selected by. Source: the registries' SelectableFields. */
const FIELDS: { readonly [groupAndKind: string]: readonly string[] } = {
  "/Pod": [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.podIPs",
    "status.nominatedNodeName",
  ],
  "/Event": [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  "events.k8s.io/Event": [
    "regarding.kind",
    "regarding.namespace",
    "regarding.name",
    "regarding.uid",
    "regarding.apiVersion",
    "regarding.resourceVersion",
    "regarding.fieldPath",
    "reason",
    "reportingController",
    "type",
  ],
  "/Namespace": ["name", "status.phase"],
  "/Node": ["spec.unschedulable"],
  "/Secret": ["type"],
  "/Service": ["spec.clusterIP", "spec.type"],
  "/PersistentVolume": ["name"],
  "/PersistentVolumeClaim": ["name"],
  "/ReplicationController": ["status.replicas"],
  "apps/ReplicaSet": ["status.replicas"],
  "batch/Job": ["status.successful"],
  "certificates.k8s.io/CertificateSigningRequest": ["spec.signerName"],
};

export const selectableFields = (kind: { readonly group: string; readonly kind: string }): readonly string[] => [
  "metadata.name",
  "metadata.namespace",
  ...(FIELDS[`${kind.group}/${kind.kind}`] ?? []),
];

/** `metadata.name=web,status.phase!=Running`. Source: apimachinery fields.ParseSelector, with its texts. */
export function parseFieldSelector(
  kind: { readonly group: string; readonly kind: string; readonly namespaced: boolean; readonly custom: boolean },
  text: string,
): Result<Match> {
  const known = selectableFields(kind);
  const tests: { readonly field: string; readonly value: string; readonly equal: boolean }[] = [];
  for (const part of text.split(/(?<!\\),/).filter((item) => item !== "")) {
    const parsed = /^(.*?)(!=|==|=)(.*)$/s.exec(part);
    if (parsed === null) return problem(`invalid selector: '${part}'; can't understand '${part}'`);
    const [, field = "", operator = "", value = ""] = parsed;
    if (!known.includes(field)) return problem(unknownField(kind, field));
    tests.push({ field, value: value.replaceAll(/\\([\\,=])/g, "$1"), equal: operator !== "!=" });
  }
  return ok((object) => tests.every(({ field, value, equal }) => (fieldOf(object, field) === value) === equal));
}

/** Kinds with fields of their own use an older check that does not list them. Source: the conversion functions of the API groups. */
function unknownField(kind: { readonly group: string; readonly kind: string; readonly custom: boolean }, field: string): string {
  if (kind.custom || FIELDS[`${kind.group}/${kind.kind}`] === undefined)
    return `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
  return `field label not supported: ${field}`;
}

function fieldOf(object: Manifest, field: string): string {
  if (field === "name") return object.metadata.name ?? "";
  if (field === "source") return textAt(object, ["source", "component"]) || textAt(object, ["reportingComponent"]);
  if (field === "status.successful") return textAt(object, ["status", "succeeded"]) || "0";
  if (field === "status.replicas") return textAt(object, ["status", "replicas"]) || "0";
  if (field === "spec.unschedulable" || field === "spec.hostNetwork") return textAt(object, field.split(".")) || "false";
  return textAt(object, field.split("."));
}

function textAt(object: Manifest, path: readonly string[]): string {
  let value: Json | undefined = jsonOf(object);
  for (const step of path) value = isObject(value) ? value[step] : undefined;
  return value === undefined || value === null || typeof value === "object" ? "" : String(value);
}
