import { compareLoose } from "@sluice/engine/source/helm/compare-loose.ts";
import { isCompatible, parseLooseVersion, versionText } from "@sluice/engine/source/loose-version.ts";
import { describe, expect, it } from "vitest";

describe("a version that may lack numbers, as Masterminds/semver 3.5 reads it", () => {
  it.each([
    { text: "v1.2", want: "1.2.0" },
    { text: "01", want: "1.0.0" },
    { text: "1.2.3-rc.1+build.5", want: "1.2.3-rc.1+build.5" },
    { text: "18446744073709551615", want: "18446744073709551615.0.0" },
    { text: "18446744073709551616", want: 'error parsing version segment: strconv.ParseUint: parsing "18446744073709551616": value out of range' },
    { text: "1.2.3-01", want: "version segment starts with 0" },
    { text: "1.2.3.4", want: "invalid semantic version" },
    { text: `1.2.3-${"a".repeat(300)}`, want: "version string is too long (max 256 bytes)" },
  ])("$text", ({ text, want }) => {
    const version = parseLooseVersion(text);
    expect(version.ok ? versionText(version.value) : version.problem).toBe(want);
  });
});

describe("order and range", () => {
  it.each([
    { a: "1.2", b: "1.2.0", want: 0 },
    { a: "1.10", b: "1.9.9", want: 1 },
    { a: "latest", b: "0.0.1", want: -1 },
    { a: "0.0.1", b: "latest", want: 1 },
    { a: "latest", b: "newest", want: 0 },
  ])("$a beside $b", ({ a, b, want }) => expect(Math.sign(compareLoose(a, b))).toBe(want));

  it.each([
    { range: ">=1.20-0", version: "v1.35.4", want: true },
    { range: ">=2", version: "v1.35.4", want: false },
    { range: "newer", version: "v1.35.4", want: false },
    { range: ">=1", version: "newest", want: false },
  ])("$version in $range", ({ range, version, want }) => expect(isCompatible(range, version)).toBe(want));
});
