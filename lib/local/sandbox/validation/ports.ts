import type { Json } from "@sluice/engine/domain/json.ts";
import { type FieldError, invalid, notSupported } from "../schema/field-error.ts";
import { patternProblem } from "../schema/names.ts";
import { isPort, PORT_RANGE } from "./fields.ts";

export const PROTOCOLS = ["SCTP", "TCP", "UDP"];

/** Names of ports by IANA's rules. Source: apimachinery, util/validation IsValidPortName. */
export function portName(name: string): readonly string[] {
  const problems: string[] = [];
  if (Buffer.byteLength(name) > 15) problems.push("must be no more than 15 characters");
  if (!/^[-a-z0-9]+$/.test(name)) problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(name)) problems.push("must contain at least one letter (a-z)");
  if (name.includes("--")) problems.push("must not contain consecutive hyphens");
  if (name.startsWith("-") || name.endsWith("-")) problems.push("must not begin or end with a hyphen");
  return problems;
}

/** A port by number or by name, as probes and services refer to them. */
export function portReference(port: Json | undefined, path: string): readonly FieldError[] {
  if (typeof port === "string") return portName(port).map((problem) => invalid(path, port, problem));
  const number = typeof port === "number" ? port : 0;
  return isPort(number) ? [] : [invalid(path, number, PORT_RANGE)];
}

export const protocolErrors = (protocol: string, path: string): readonly FieldError[] =>
  protocol === "" || PROTOCOLS.includes(protocol) ? [] : [notSupported(path, protocol, PROTOCOLS)];

const PERCENT = "[0-9]+%";
const PERCENT_PROBLEM = patternProblem("a valid percent string must be a numeric string followed by an ending '%'", PERCENT, "1%", "93%");

/** A whole number or a percentage, as in rolling updates and disruption budgets. */
export function countOrPercent(value: Json | undefined, path: string): readonly FieldError[] {
  if (typeof value === "string") return /^[0-9]+%$/.test(value) ? [] : [invalid(path, value, PERCENT_PROBLEM)];
  return typeof value === "number" && value < 0 ? [invalid(path, value, "must be greater than or equal to 0")] : [];
}

export const noMoreThanAll = (value: Json | undefined, path: string): readonly FieldError[] =>
  typeof value === "string" && /^[0-9]+%$/.test(value) && Number(value.slice(0, -1)) > 100 ? [invalid(path, value, "must not be greater than 100%")] : [];
