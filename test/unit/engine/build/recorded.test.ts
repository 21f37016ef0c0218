import { describe, expect, it } from "vitest";
import { differences, scenarios } from "./recorded.ts";

/** What cannot come out as recorded yet, and why. A scenario that has become the same must leave this list. */
const WAITING: ReadonlyMap<string, string> = new Map([
  ["decryption-that-fails", "decryption is an issue of its own"],
  ["remote-base-unreachable", "an improvement: remote bases are refused before anything is fetched, by the name of file and field"],
]);

/** Every recorded message and object of the area `build`, without a cluster. */
describe("what real Flux built", () => {
  it.each(scenarios().filter((name) => !WAITING.has(name)))("%s", async (name) => {
    expect(await differences(name)).toEqual([]);
  });

  it.each([...WAITING])("%s still waits: %s", async (name) => {
    expect(await differences(name)).not.toEqual([]);
  });

  it("plays the scenarios, each with at least one Kustomization", () => {
    expect(scenarios().length).toBeGreaterThanOrEqual(35);
  });
});
