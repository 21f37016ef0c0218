import { posix } from "node:path/posix";
import { writeYaml } from "../../yaml/write.ts";
import type { ChartFile } from "../chart/chart.ts";
import { stringOf } from "../go/bytes.ts";
import { GoPanic, type GoResult } from "../go/result.ts";
import { BYTES, type GoMethod, type GoType, mapOf, named, STRING, STRINGS } from "../go/type.ts";
import { type GoBytes, type GoMap, type GoValue, goBytes, goMap, goStrings, isMap } from "../go/value.ts";
import { parsePathGlob } from "./path-glob.ts";

/** `.Files`: the files of the chart that are neither templates nor anything else that Helm knows, by path. Source: Helm 4, pkg/engine/files.go. */
export const filesObject = (files: readonly ChartFile[]): GoMap =>
  goMap(
    files.map(({ name, data }): [string, GoValue] => [name, goBytes(data)]),
    FILES,
  );

const EMPTY = new Uint8Array();

const method = (params: readonly GoType[], result: GoType, call: (files: ReadonlyMap<string, GoBytes>, argument: string) => GoResult): GoMethod => ({
  params,
  variadic: false,
  result,
  call: (self, [argument]) => call(filesOf(self), typeof argument === "string" ? argument : ""),
});

function filesOf(self: GoValue): ReadonlyMap<string, GoBytes> {
  const entries = isMap(self) ? [...self.entries] : [];
  return new Map(
    entries.flatMap(([name, value]): [string, GoBytes][] => (typeof value === "object" && value !== null && value.go === "bytes" ? [[name, value]] : [])),
  );
}

const bytesAt = (files: ReadonlyMap<string, GoBytes>, name: string): Uint8Array => files.get(name)?.bytes ?? EMPTY;

/** A pattern that is none means all files. */
function glob(files: ReadonlyMap<string, GoBytes>, pattern: string): GoMap {
  const matches = parsePathGlob(pattern) ?? (() => true);
  return goMap(
    [...files].filter(([name]) => matches(name)),
    FILES,
  );
}

/** By the last names of the paths: of two files of one name one is lost, here the last in the order of paths. */
function byBaseName(files: ReadonlyMap<string, GoBytes>, shown: (bytes: Uint8Array) => string): string {
  const sorted = [...files].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const texts = Object.fromEntries(sorted.map(([name, { bytes }]) => [posix.basename(name), shown(bytes)]));
  return sorted.length === 0 ? "" : writeYaml(texts).replace(/\n$/, "");
}

function lines(files: ReadonlyMap<string, GoBytes>, name: string): GoValue {
  if (!files.has(name)) return goStrings([]);
  const text = stringOf(bytesAt(files, name));
  // Helm looks at the last byte, whether there is one or not.
  if (text === "") throw new GoPanic("runtime error: index out of range [-1]");
  return goStrings((text.endsWith("\n") ? text.slice(0, -1) : text).split("\n"));
}

const FILES: GoType = named("engine.files", mapOf(BYTES), {
  methods: new Map<string, GoMethod>([
    ["Get", method([STRING], STRING, (files, name) => stringOf(bytesAt(files, name)))],
    ["GetBytes", method([STRING], BYTES, (files, name) => files.get(name) ?? goBytes(EMPTY))],
    // The type of its result is that of `.Files` itself, whose name alone counts in messages.
    ["Glob", method([STRING], { ...mapOf(BYTES), name: "engine.files", named: true }, glob)],
    ["AsConfig", method([], STRING, (files) => byBaseName(files, stringOf))],
    ["AsSecrets", method([], STRING, (files) => byBaseName(files, (bytes) => Buffer.from(bytes).toString("base64")))],
    ["Lines", method([STRING], STRINGS, lines)],
  ]),
});
