import { highestTags } from "@sluice/engine/source/select-tag.ts";
import { compareVersions, isInRange, parseRange, parseVersion } from "@sluice/engine/source/semver.ts";
import { describe, expect, it } from "vitest";

const inRange = (range: string, version: string): boolean | string => {
  const parsed = parseRange(range);
  const found = parseVersion(version);
  return parsed.ok ? found !== undefined && isInRange(parsed.value, found) : parsed.problem;
};

/** Rows from Masterminds/semver's documented grammar, and from recorded/sources/ref-semver. */
describe("ranges", () => {
  it.each([
    [">=1.0.0 <2.0.0", "1.9.9", true],
    [">=1.0.0 <2.0.0", "2.0.0", false],
    [">=1.0.0, <2.0.0", "1.0.0", true],
    [">= 1.0.0", "1.0.0", true],
    ["=>1.0.0", "1.0.0", true],
    ["=<1.0.0", "1.0.1", false],
    ["1.x", "1.9.0", true],
    ["1.x", "2.0.0", false],
    ["1", "1.4.0", true],
    ["1.2", "1.2.9", true],
    ["1.2", "1.3.0", false],
    ["=1.2.3", "1.2.3", true],
    ["v1.2.3", "1.2.3", true],
    ["*", "2.0.0", true],
    ["*", "2.0.0-rc.1", false],
    ["x", "9.9.9", true],
    ["~1.2", "1.2.9", true],
    ["~1.2", "1.3.0", false],
    ["~1", "1.9.0", true],
    ["~1.2.3", "1.2.2", false],
    ["~>1.2.3", "1.2.4", true],
    ["^1", "1.9.9", true],
    ["^1.2.3", "1.2.2", false],
    ["^1.2.3", "2.0.0", false],
    ["^0.2.3", "0.2.9", true],
    ["^0.2.3", "0.3.0", false],
    ["^0.0.3", "0.0.3", true],
    ["^0.0.3", "0.0.4", false],
    ["^0.0", "0.0.9", true],
    ["^0", "0.9.0", true],
    [">1", "1.9.0", false],
    [">1", "2.0.0", true],
    [">1.1", "1.1.9", false],
    [">1.1", "1.2.0", true],
    ["<=1", "1.9.0", true],
    ["<=1.1", "1.1.9", true],
    ["<=1.1", "1.2.0", false],
    ["<=2", "3.0.0", false],
    ["!=1.2.3", "1.2.4", true],
    ["!=1.2.3", "1.2.3", false],
    ["!=1.x", "1.2.3", false],
    ["!=1.x", "2.2.3", true],
    ["!=1.2.x", "1.2.3", false],
    ["!=1.2.x", "1.3.3", true],
    ["1.0.0 - 2.0.0", "1.5.0", true],
    ["1.0.0 - 2.0.0", "2.0.1", false],
    ["1.0.0 || >=1.0.5 <2.0.0", "1.1.0", true],
    ["1.0.0 || >=1.0.5 <2.0.0", "1.0.1", false],
    [">=1.0.0-0", "2.1.0-alpha", true],
    [">=1.0.0", "2.1.0-alpha", false],
    ["1.x-0", "1.2.0-rc.1", true],
    ["1.x-0", "2.0.0-rc.1", false],
    ["<1.2.0, >=1.0.0-0", "1.1.0-rc.1", true],
    ["1.0.0 || 2.0.0-0", "1.0.0-rc.1", false],
    [">=1.02.0", "1.2.0", true],
    [">=99999999999999999999.0.0", "100000000000000000000.0.0", true],
    [">=99999999999999999999.0.0", "99999999999999999998.0.0", false],
  ])("%s has %s: %s", (range, version, want) => expect(inRange(range, version)).toBe(want));

  it.each([
    ["newest, please", 'improper constraint: "newest, please"'],
    [">=1.0.0 || nonsense", 'improper constraint: " nonsense"'],
    ["1.2.3.4", 'improper constraint: "1.2.3.4"'],
    [">>1", 'improper constraint: ">>1"'],
    ["1|2.0.0", "constraint parser error"],
  ])("%s is refused: %s", (range, want) => expect(inRange(range, "1.0.0")).toBe(want));
});

describe("versions", () => {
  it.each(["v3", "v3.1", "nightly", "app/v4.0.0", "1.02.0", "1.0.0-01", "vv1.0.0", "", "1.0.0-"])("%s is none", (text) =>
    expect(parseVersion(text)).toBeUndefined());
  it("are ordered as semver.org says, build metadata apart", () => {
    const order = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.10", "1.1.0"];
    const versions = order.flatMap((text) => parseVersion(text) ?? []);
    expect(versions.toReversed().toSorted(compareVersions)).toEqual(versions);
    expect(highestTags([{ name: "1.0.0+a" }, { name: "v1.0.0" }, { name: "0.9.0" }], [{ comparisons: [], withPre: false }]).map(({ name }) => name)).toEqual([
      "1.0.0+a",
      "v1.0.0",
    ]);
  });
});
