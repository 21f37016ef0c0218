import { createHash } from "node:crypto";
import { bcrypt } from "@sluice/engine/build/helm/functions/crypto/bcrypt.ts";
import { createCryptoFunctions } from "@sluice/engine/build/helm/functions/crypto.ts";
import { momentOfValue } from "@sluice/engine/build/helm/functions/dates/time-type.ts";
import { createDateFunctions } from "@sluice/engine/build/helm/functions/dates.ts";
import { createRandomFunctions } from "@sluice/engine/build/helm/functions/random.ts";
import { createSemverFunctions } from "@sluice/engine/build/helm/functions/semver.ts";
import { createUuidFunctions } from "@sluice/engine/build/helm/functions/uuid.ts";
import { printed } from "@sluice/engine/build/helm/go/print-value.ts";
import { isFailure } from "@sluice/engine/build/helm/go/result.ts";
import { type GoValue, goInt } from "@sluice/engine/build/helm/go/value.ts";
import type { GoFunction } from "@sluice/engine/build/helm/template/functions.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { describe, expect, it } from "vitest";

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

function ask(table: ReadonlyMap<string, GoFunction>, name: string, ...args: readonly GoValue[]): GoValue {
  const answer = table.get(name)?.call(args);
  if (answer === undefined || isFailure(answer)) throw new Error(`${name}: ${answer?.message}`);
  return answer;
}

describe("texts of chance", () => {
  const table = createRandomFunctions(seed(1));
  it.each([
    ["randAlphaNum", /^[A-Za-z0-9]{2000}$/, 62],
    ["randAlpha", /^[A-Za-z]{2000}$/, 52],
    ["randNumeric", /^[0-9]{2000}$/, 10],
    ["randAscii", /^[ -~]{2000}$/, 95],
  ])("%s uses all letters that it has", (name, pattern, letters) => {
    const text = String(ask(table, name, goInt(2000)));
    expect(text).toMatch(pattern);
    expect(new Set(text).size).toBe(letters);
    expect([ask(table, name, goInt(0)), ask(table, name, goInt(-1))]).toEqual(["", ""]);
  });

  it("no letter comes much more often than another", () => {
    const text = String(ask(createRandomFunctions(seed(2)), "randNumeric", goInt(20_000)));
    const counts = [..."0123456789"].map((digit) => text.split(digit).length - 1);
    expect(Math.min(...counts)).toBeGreaterThan(1_800);
    expect(Math.max(...counts)).toBeLessThan(2_200);
  });

  it("are the same for the same seed, and others each time", () => {
    const [a, b, c] = [seed(3), seed(3), seed(4)].map((from) => createRandomFunctions(from));
    const two = (from: ReadonlyMap<string, GoFunction> | undefined) =>
      from === undefined ? [] : [ask(from, "randAlphaNum", goInt(40)), ask(from, "randAlphaNum", goInt(40))];
    const [first, again, other] = [two(a), two(b), two(c)];
    expect(first).toEqual(again);
    expect(new Set([...first, ...other]).size).toBe(4);
  });

  it("randBytes is base64, and refuses what Go refuses", () => {
    expect(Buffer.from(String(ask(table, "randBytes", goInt(33))), "base64").length).toBe(33);
    expect(() => table.get("randBytes")?.call([goInt(-1)])).toThrow("runtime error: makeslice: len out of range");
  });

  it("uuidv4", () => {
    const uuids = createUuidFunctions(seed(5));
    const made = Array.from({ length: 50 }, () => String(ask(uuids, "uuidv4")));
    for (const uuid of made) expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(made).size).toBe(50);
  });
});

describe("ciphers", () => {
  const table = createCryptoFunctions(seed(6));
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  /** Openwall's vectors, whose salt is 21 times the letter C. */
  it.each([
    ["U*U", "10410410410410410410410410410410", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
    ["", "10410410410410410410410410410410", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"],
  ])("bcrypt of %j", (password, salt, want) => expect(bcrypt(bytes(password), Buffer.from(salt, "hex"), 5)).toBe(want));

  it("bcrypt salts anew, htpasswd names who", () => {
    const [one, two] = [ask(table, "htpasswd", "me", "x"), ask(table, "htpasswd", "me", "x")];
    expect(String(one)).toMatch(/^me:\$2a\$10\$[./A-Za-z0-9]{53}$/);
    expect(one).not.toBe(two);
  });

  it.each(["x", "sixteen bytes!!!", "ä".repeat(100)])("encryptAES of %j comes back, and never looks the same", (text) => {
    const sealed = ask(table, "encryptAES", "password", text);
    expect(ask(table, "decryptAES", "password", sealed)).toBe(text);
    expect(ask(table, "encryptAES", "password", text)).not.toBe(sealed);
  });
});

describe("now", () => {
  const NOW = epochMs(Date.UTC(2030, 5, 6, 7, 8, 9, 123));
  const table = createDateFunctions(NOW);
  const now = ask(table, "now");
  const method = (name: string, ...args: readonly GoValue[]): string => {
    const found = typeof now === "object" && now !== null && now.go === "struct" ? now.type.methods?.get(name) : undefined;
    const answer = found?.call(now, args);
    return answer === undefined || isFailure(answer) ? "nothing" : printed(answer);
  };

  it.each<readonly [string, readonly GoValue[], string]>([
    ["String", [], "2030-06-06 07:08:09.123 +0000 UTC m=+0.000000000"],
    ["Format", ["Jan 2006"], "Jun 2030"],
    ["Year", [], "2030"],
    ["Month", [], "June"],
    ["Weekday", [], "Thursday"],
    ["YearDay", [], "157"],
    ["Unix", [], "1906960089"],
    ["UnixMilli", [], "1906960089123"],
    ["UTC", [], "2030-06-06 07:08:09.123 +0000 UTC"],
    ["AddDate", [goInt(0), goInt(9), goInt(-6)], "2031-02-28 07:08:09.123 +0000 UTC"],
    ["IsZero", [], "false"],
  ])("%s", (name, args, want) => expect(method(name, ...args)).toBe(want));

  it("is what whatever else means, and what time is counted from", () => {
    expect(ask(table, "date", "2006-01-02 15:04:05.000", "text")).toBe("2030-06-06 07:08:09.123");
    expect(ask(table, "date", "2006", 5)).toBe("2030");
    expect(ask(table, "ago", ask(table, "mustDateModify", "-90m", now))).toBe("1h30m0s");
    expect(ask(table, "durationRound", ask(table, "dateModify", "-49h", now))).toBe("2d");
    expect(momentOfValue(ask(table, "toDate", "2006", "x")).seconds).toBe(-62_135_596_800n);
  });
});

describe("a version", () => {
  const table = createSemverFunctions();
  const version = (text: string): GoValue => ask(table, "semver", text);
  const method = (name: string, ...args: readonly GoValue[]): string => {
    const self = version("v1.2.3-rc.1+build.5");
    const found = typeof self === "object" && self !== null && self.go === "pointer" ? self.type.methods?.get(name) : undefined;
    const answer = found?.call(self, args);
    return answer === undefined ? "nothing" : isFailure(answer) ? answer.message : printed(answer);
  };
  it.each<readonly [string, readonly GoValue[], string]>([
    ["Major", [], "1"],
    ["Prerelease", [], "rc.1"],
    ["Metadata", [], "build.5"],
    ["Original", [], "v1.2.3-rc.1+build.5"],
    ["Compare", [version("1.2.3")], "-1"],
    ["GreaterThan", [version("1.2.2")], "true"],
    ["IncPatch", [], "1.2.3"],
    ["IncMinor", [], "1.3.0"],
    ["IncMajor", [], "2.0.0"],
    ["SetPrerelease", ["beta"], "1.2.3-beta+build.5"],
    ["SetPrerelease", ["01"], "version segment starts with 0"],
  ])("%s %#", (name, args, want) => expect(method(name, ...args)).toBe(want));
});

it("hashes nothing of the seed that could be seen: two purposes have nothing in common", () => {
  const texts = ask(createRandomFunctions(seed(8)), "randBytes", goInt(16));
  expect(Buffer.from(String(texts), "base64").toString("hex")).not.toBe(createHash("sha256").update(seed(8)).digest("hex").slice(0, 32));
});
