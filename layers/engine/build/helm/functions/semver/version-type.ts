import { type LooseVersion, metadataProblem, preReleaseProblem, versionText } from "../../../../source/loose-version.ts";
import { compareVersions } from "../../../../source/semver.ts";
import { failure, GoPanic, type GoResult } from "../../go/result.ts";
import { BOOL, BYTES, type GoMethod, type GoType, INT, pointerTo, STRING, structType, UINT64 } from "../../go/type.ts";
import { type GoPointer, type GoStruct, type GoValue, goBytes, goInt, goStruct } from "../../go/value.ts";

const methods = new Map<string, GoMethod>();

/** What `semver` answers: `(semver "1.2.3").Major`. Source: Masterminds/semver 3.5, version.go. */
const VERSION: GoType = structType("semver.Version", { methods, print: (self) => versionText(versionOf(self)) });
export const VERSION_POINTER: GoType = pointerTo(VERSION);

const versionStruct = (version: LooseVersion): GoStruct => goStruct(VERSION, [], version);
export const versionPointer = (version: LooseVersion): GoPointer => ({ go: "pointer", type: VERSION_POINTER, to: versionStruct(version) });

function versionOf(value: GoValue | undefined): LooseVersion {
  const struct = typeof value === "object" && value !== null && value.go === "pointer" ? value.to : value;
  const native = typeof struct === "object" && struct !== null && struct.go === "struct" ? struct.native : undefined;
  if (!isVersion(native)) throw new GoPanic("runtime error: invalid memory address or nil pointer dereference");
  return native;
}
const isVersion = (native: unknown): native is LooseVersion => typeof native === "object" && native !== null && "metadata" in native && "original" in native;

const method = (params: readonly GoType[], result: GoType, call: GoMethod["call"]): GoMethod => ({ params, variadic: false, result, call });
const text = (pick: (version: LooseVersion) => string): GoMethod => method([], STRING, (self) => pick(versionOf(self)));
const number = (pick: (version: LooseVersion) => string): GoMethod => method([], UINT64, (self) => goInt(BigInt(pick(versionOf(self))), UINT64));
const comparison = (holds: (order: number) => boolean): GoMethod =>
  method([VERSION_POINTER], BOOL, (self, [other]) => holds(compareVersions(versionOf(self), versionOf(other))));

const vPrefix = ({ original }: LooseVersion): string => (original.startsWith("v") ? "v" : "");
const written = (before: LooseVersion, next: LooseVersion): GoStruct => versionStruct({ ...next, original: `${vPrefix(before)}${versionText(next)}` });

function nextOf(segment: "major" | "minor" | "patch"): GoMethod {
  return method([], VERSION, (self) => {
    const version = versionOf(self);
    const bare = { ...version, pre: "", metadata: "" };
    // A pre-release comes before its release, which so is the next patch.
    if (segment === "patch" && version.pre !== "") return written(version, bare);
    const next = BigInt(version[segment]) + 1n;
    if (next === 2n ** 64n) throw new GoPanic(`${segment} version increment would overflow uint64`);
    const below = segment === "major" ? { minor: "0", patch: "0" } : segment === "minor" ? { patch: "0" } : {};
    return written(version, { ...bare, ...below, [segment]: next.toString() });
  });
}

function changed(part: "pre" | "metadata", wrong: (value: string) => string | undefined): GoMethod {
  return method([STRING], VERSION, (self, [value]): GoResult => {
    const given = typeof value === "string" ? value : "";
    const fault = wrong(given);
    const version = versionOf(self);
    return fault === undefined ? written(version, { ...version, [part]: given }) : failure(fault);
  });
}

for (const [name, one] of [
  ["Major", number(({ major }) => major)],
  ["Minor", number(({ minor }) => minor)],
  ["Patch", number(({ patch }) => patch)],
  ["Prerelease", text(({ pre }) => pre)],
  ["Metadata", text(({ metadata }) => metadata)],
  ["Original", text(({ original }) => original)],
  ["String", text(versionText)],
  ["Compare", method([VERSION_POINTER], INT, (self, [other]) => goInt(Math.sign(compareVersions(versionOf(self), versionOf(other)))))],
  ["Equal", comparison((order) => order === 0)],
  ["LessThan", comparison((order) => order < 0)],
  ["LessThanEqual", comparison((order) => order <= 0)],
  ["GreaterThan", comparison((order) => order > 0)],
  ["GreaterThanEqual", comparison((order) => order >= 0)],
  ["IncMajor", nextOf("major")],
  ["IncMinor", nextOf("minor")],
  ["IncPatch", nextOf("patch")],
  ["SetPrerelease", changed("pre", preReleaseProblem)],
  ["SetMetadata", changed("metadata", metadataProblem)],
  ["MarshalJSON", method([], BYTES, (self) => goBytes(new TextEncoder().encode(JSON.stringify(versionText(versionOf(self))))))],
  ["MarshalText", method([], BYTES, (self) => goBytes(new TextEncoder().encode(versionText(versionOf(self)))))],
] satisfies readonly (readonly [string, GoMethod])[]) {
  methods.set(name, one);
}
