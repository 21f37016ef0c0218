import { chooseFromIndex, chooseFromTags, isPlainVersion } from "@sluice/engine/source/helm/choose-version.ts";
import { asGoTime, compareTimes } from "@sluice/engine/source/helm/go-time.ts";
import { metadataSuffix, withBuildMetadata } from "@sluice/engine/source/helm/version-metadata.ts";
import { describe, expect, it } from "vitest";

const NONE = "0001-01-01T00:00:00Z";
const entry = (version: string, created = NONE) => ({ name: "shop", version, created, urls: [] });
const all = ["1.0.0", "1.0.7", "1.2.3", "2.0.0", "2.1.0-rc.1", "v3.0.0", "4"].map((version) => entry(version));

/** From recorded/helm/chart-version-ranges, and source-controller's rules. */
describe("of an index", () => {
  it.each([
    ["*", "v3.0.0"],
    ["", "v3.0.0"],
    ["1.x", "1.2.3"],
    ["~1.0.0", "1.0.7"],
    ["^1.0.1", "1.2.3"],
    ["1.0.0", "1.0.0"],
    ["v1.0.0", "1.0.0"],
    [">=1.0.1 <1.2", "1.0.7"],
    ["<1.0 || >=2.0.0", "v3.0.0"],
    ["1.2", "1.2.3"],
    ["1.0 - 1.1", "1.0.7"],
    ["!=2.0.0, <2", "1.2.3"],
    [">=2.0.0-0 <3", "2.1.0-rc.1"],
    ["~2.1.0", "no 'shop' chart with version matching '~2.1.0' found"],
    // The very text is found although it is no version that counts among others.
    ["4", "4"],
    ["4.0.0", "no 'shop' chart with version matching '4.0.0' found"],
    ["no version", 'improper constraint: "no version"'],
  ])("%s", (wanted, want) => {
    const chosen = chooseFromIndex(all, "shop", wanted);
    expect(chosen.ok ? chosen.value.version : chosen.problem).toBe(want);
  });

  it("that lacks the chart, or has no version of it", () => {
    expect(chooseFromIndex(undefined, "shop", "*")).toEqual({ ok: false, problem: "no chart name found" });
    expect(chooseFromIndex([], "shop", "*")).toEqual({ ok: false, problem: "no chart version found" });
  });

  it.each([
    [
      "the newer one",
      [entry("1.0.0+a", "2024-01-01T00:00:00Z"), entry("1.0.0+b", "2024-01-01T00:00:00.000000002Z"), entry("1.0.0+c", "2024-01-01T01:00:00+01:00")],
      "1.0.0+b",
    ],
    ["the last one of the same age", [entry("2.0.0+build.5"), entry("2.0.0"), entry("1.0.0")], "2.0.0"],
  ])("with equal versions: %s", (_, versions, want) => {
    const chosen = chooseFromIndex(versions, "shop", "*");
    expect(chosen.ok && chosen.value.version).toBe(want);
  });
});

describe("of tags", () => {
  it.each([
    ["*", "1.1.0+b.2"],
    ["<1.1", "1.0.0"],
    ["latest", "latest"],
    ["9.x", "could not locate a version matching provided version string 9.x"],
    ["?", 'improper constraint: "?"'],
  ])("%s", (wanted, want) => {
    const chosen = chooseFromTags(["latest", "1.0.0", "1.1.0+b.2", "2.0.0-rc.1"], wanted);
    expect(chosen.ok ? chosen.value : chosen.problem).toBe(want);
  });

  it.each([
    ["1.0.0", true],
    ["v1.0.0-rc.1+b", true],
    ["1.0", false],
    ["*", false],
    ["", false],
  ])("%s is a version: %s", (text, want) => expect(isPlainVersion(text)).toBe(want));
});

describe("what is added to a version", () => {
  it.each([
    [undefined, [], ""],
    [undefined, ["a"], "7"],
    ["main@sha1:abcdef0123456789abcdef0123456789abcdef01", [], "abcdef012345"],
    ["main@sha1:abcdef0123456789abcdef0123456789abcdef01", ["a"], "abcdef012345.7"],
    ["sha256:0123456789abcdef", [], "0123456789ab"],
  ])("of %s with the values files %j is %s", (revision, valuesFiles, want) => expect(metadataSuffix({ revision, valuesFiles, generation: 7 })).toBe(want));

  it.each([
    ["1.2.3", "1.2.3+7"],
    ["1.2.3-rc.1+old", "1.2.3-rc.1+7"],
    ["v1.2", "1.2.0+7"],
    ["one", "failed to parse version from chart metadata as SemVer: invalid semantic version"],
  ])("to %s makes %s", (version, want) => {
    const made = withBuildMetadata(version, "7");
    expect(made.ok ? made.value : made.problem).toBe(want);
  });
});

describe("times", () => {
  it.each([
    ["2024-05-01T10:13:12.120000Z", "2024-05-01T10:13:12.12Z"],
    ["2024-05-01T10:13:12.000Z", "2024-05-01T10:13:12Z"],
    ["2024-05-01T10:13:12+00:00", "2024-05-01T10:13:12Z"],
    ["2016-10-06T16:23:20.499814565-06:00", "2016-10-06T16:23:20.499814565-06:00"],
    ["", NONE],
    ["2024-05-01 10:13:12", undefined],
    ["2024-13-01T10:13:12Z", undefined],
  ])("%s is %s", (text, want) => expect(asGoTime(text)).toBe(want));

  it("are compared to the nanosecond, wherever they were written", () => {
    expect(compareTimes("2024-01-01T00:00:00.000000002Z", "2024-01-01T00:00:00.000000001Z")).toBeGreaterThan(0);
    expect(compareTimes("2024-01-01T01:00:00+01:00", "2024-01-01T00:00:00Z")).toBe(0);
    expect(compareTimes(NONE, "2024-01-01T00:00:00Z")).toBeLessThan(0);
  });
});
