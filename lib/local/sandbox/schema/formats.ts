import { isIPv4, isIPv6 } from "node:net";
import { parseDuration } from "@sluice/engine/domain/duration.ts";

type IsFormat = (text: string) => boolean;

const HEX_UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const HOST = /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,62})(\.[a-zA-Z0-9-]{1,63})*\.?$/;

function isDate(text: string): boolean {
  const parts = DATE.exec(text);
  if (parts === null) return false;
  const moment = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}

function isCidr(text: string): boolean {
  const [address = "", prefix = "", ...rest] = text.split("/");
  if (rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return false;
  return (isIPv4(address) && Number(prefix) <= 32) || (isIPv6(address) && Number(prefix) <= 128);
}

/** An absolute path, or a URL with a scheme. Source: Go, url.ParseRequestURI. */
const isUri: IsFormat = (text) => text.startsWith("/") || (/^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]*$/.test(text) && URL.canParse(text));

/**
 * The formats that the server checks in custom resources, and those of them that we do. `creditcard`, `ssn`, the ISBNs, colours and
 * `bsonobjectid` are let through. Any other format (int32, int64, double …) is no check at all. Source: apiextensions, supportedVersionedFormats.
 */
const FORMATS: ReadonlyMap<string, IsFormat> = new Map<string, IsFormat>([
  ["date", isDate],
  ["datetime", (text) => DATE_TIME.test(text) && isDate(text.slice(0, 10))],
  ["duration", (text) => parseDuration(text.replaceAll(" ", "")) !== undefined],
  ["byte", (text) => BASE64.test(text.replace(/[\r\n]/g, ""))],
  ["uri", isUri],
  ["email", (text) => /^[^\s@<>]+@[^\s@<>]+$/.test(text)],
  ["hostname", (text) => text.length <= 255 && HOST.test(text)],
  ["ipv4", isIPv4],
  ["ipv6", isIPv6],
  ["cidr", isCidr],
  ["mac", (text) => /^([0-9a-fA-F]{2}[:-]){5}([0-9a-fA-F]{2}[:-]?){1,3}$/.test(text)],
  ["uuid", (text) => HEX_UUID.test(text)],
  ["uuid3", (text) => HEX_UUID.test(text)],
  ["uuid4", (text) => HEX_UUID.test(text)],
  ["uuid5", (text) => HEX_UUID.test(text)],
  ["password", () => true],
]);

const LET_THROUGH = ["bsonobjectid", "isbn", "isbn10", "isbn13", "creditcard", "ssn", "hexcolor", "rgbcolor"];

const normalized = (format: string): string => format.replaceAll("-", "");

/** Whether the server knows the format: an unknown one does not exist for it. */
export const isKnownFormat = (format: string | undefined): format is string =>
  format !== undefined && (FORMATS.has(normalized(format)) || LET_THROUGH.includes(normalized(format)));

export const hasFormat = (format: string, text: string): boolean => FORMATS.get(normalized(format))?.(text) ?? true;
