import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { type EpochMs, parseTime } from "@sluice/engine/domain/time.ts";
import { textOf } from "./fields.ts";

/** Texts are compared in any case; a filter that is absent lets everything through. */
export type LogFilter = { readonly level?: string; readonly kind?: string; readonly name?: string; readonly namespace?: string; readonly since?: EpochMs };

/**
 * A line of the log as `flux logs` prints it, `<ts> <level> <Kind>[/<name>.<namespace>] - <msg> <error>`; undefined for lines that the filter
 * leaves out and for what is no line of a log, such as one that is still being written. Source: reference 6.7. Where no error stands, what Flux has no lines
 * for says here whom and why: deliveries and webhooks.
 */
export function renderLogLine(text: string, filter: LogFilter): string | undefined {
  const line = text.startsWith("{") ? parse(text) : undefined;
  if (line === undefined) return undefined;
  const at = (name: string): string => textOf(line, name);
  const same = (wanted: string | undefined, ...values: readonly string[]): boolean =>
    wanted === undefined || values.some((value) => value.toLowerCase() === wanted.toLowerCase());
  const isNew = filter.since === undefined || (parseTime(at("ts")) ?? 0) >= filter.since;
  const isWanted =
    isNew &&
    (filter.level === undefined || filter.level === at("level")) &&
    same(filter.kind, at("reconciler kind"), at("controllerKind")) &&
    same(filter.name, at("name")) &&
    same(filter.namespace, at("namespace"));
  if (!isWanted) return undefined;
  const object = at("name") === "" ? "" : `/${at("name")}.${at("namespace")}`;
  return `${at("ts")} ${at("level")} ${at("reconciler kind") || at("controllerKind")}${object} - ${oneEntry(at("msg"))} ${oneEntry(detailsOf(line))}\n`;
}

/** `Alert/apps/prod: status 500`, `400: the signature header is missing or wrong`: what became of a delivery or a request is nowhere else. */
function detailsOf(line: Json): string {
  const { alert, channel, code } = isObject(line) ? line : {};
  const about = typeof alert === "string" ? `Alert/${alert}` : typeof channel === "string" ? channel : typeof code === "number" ? String(code) : "";
  return [about, textOf(line, "error") || textOf(line, "why") || textOf(line, "message")].filter((part) => part !== "").join(": ");
}

/** Further lines of a message are indented: none of them can pass for an entry of its own. */
const oneEntry = (text: string): string => text.replaceAll(/\r?\n|\r/g, "\n  ");

function parse(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // half a line: its other half comes with the next look
  }
}
