import { spend } from "../../../work.ts";
import { GoPanic } from "../../go/result.ts";
import { BOOL, DICT, STRING } from "../../go/type.ts";
import { type GoMap, type GoValue, goMap, kindOf } from "../../go/value.ts";
import { ARG, type GoFunction, goFunction } from "../../template/functions.ts";
import { NIL_POINTER } from "../lists/items.ts";
import { baseOf, cleanPath, directoryOf, extensionOf, isAbsolute } from "../paths.ts";
import { octetsOf, textOfOctets } from "../text/octets.ts";
import { EMPTY_URL, hostnameOf, parseUrl, type Url, type User, writeUrl, writeUser } from "./url.ts";

const { dict, string } = ARG;

const ofPath = (change: (path: string) => string): GoFunction => goFunction([string], change, STRING);
const absolute = goFunction([string], isAbsolute, BOOL);

/** Functions of sprig's url.go, of Go's path and path/filepath, and of network.go: nothing is looked up. */
export const URL_FUNCTIONS: { readonly [name: string]: GoFunction } = {
  base: ofPath(baseOf),
  clean: ofPath(cleanPath),
  dir: ofPath(directoryOf),
  ext: ofPath(extensionOf),
  getHostByName: goFunction([string], (_: string) => "", STRING),
  isAbs: absolute,
  osBase: ofPath(baseOf),
  osClean: ofPath(cleanPath),
  osDir: ofPath(directoryOf),
  osExt: ofPath(extensionOf),
  osIsAbs: absolute,
  urlJoin: goFunction([dict], joinUrl, STRING),
  urlParse: goFunction([string], splitUrl, DICT),
};

function splitUrl(text: string): GoValue {
  const parsed = parseUrl(octetsOf(text));
  if (!parsed.ok) throw new GoPanic(`unable to parse url: ${parsed.problem}`);
  const url = parsed.value;
  const fields = {
    scheme: url.scheme,
    host: url.host,
    hostname: hostnameOf(url),
    path: url.path,
    query: url.query,
    opaque: url.opaque,
    fragment: url.fragment,
    userinfo: url.user === undefined ? "" : writeUser(url.user),
  };
  return goMap(Object.entries(fields).map(([name, value]): [string, GoValue] => [name, textOfOctets(value)]));
}

const STEPS_OF_LETTER = 60;

function joinUrl(map: GoMap): string {
  for (const value of map.entries.values()) if (typeof value === "string") spend(STEPS_OF_LETTER * value.length);
  const field = (key: string): string => octetsOf(textOf(map, key));
  const url: Url = {
    ...EMPTY_URL,
    scheme: field("scheme"),
    host: field("host"),
    path: field("path"),
    query: field("query"),
    opaque: field("opaque"),
    fragment: field("fragment"),
    user: userOf(field("userinfo")),
  };
  return textOfOctets(writeUrl(url));
}

function textOf({ entries }: GoMap, key: string): string {
  const value = entries.get(key) ?? (entries.has(key) ? null : "");
  if (typeof value === "string") return value;
  if (value === null) throw new GoPanic(NIL_POINTER);
  throw new GoPanic(`unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`);
}

function userOf(text: string): User | undefined {
  if (text === "") return undefined;
  const parsed = parseUrl(`proto://${text}@host`);
  if (!parsed.ok) throw new GoPanic(`unable to parse userinfo in dict: ${parsed.problem}`);
  return parsed.value.user;
}
