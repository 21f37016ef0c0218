import { readFileSync } from "node:fs";
import { findZone } from "@sluice/engine/build/helm/functions/dates/zones.ts";
import { metaschemaAt } from "@sluice/engine/build/helm/schema/metaschemas.ts";
import { unpackTable } from "@sluice/engine/tables/packed-table.ts";
import { describe, expect, it } from "vitest";

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../../../../layers/engine/build/helm/${path}.json`, import.meta.url), "utf8"));

/** What people read and what a bundle carries. */
describe("tables", () => {
  it.each(["schema/metaschemas", "functions/dates/abbreviations"])("%s is packed as it is", (path) => {
    expect(unpackTable(String(read(`${path}.packed`)))).toEqual(read(`${path}.generated`));
  });

  it("every zone has clocks", () => {
    const names = Object.keys(read("functions/dates/abbreviations.generated") as object);
    expect(names.length).toBeGreaterThan(500);
    expect(["Europe/Berlin", "Asia/Kolkata"].map((name) => findZone(name)?.at(1_700_000_000n))).toEqual([
      { offset: 3600, abbreviation: "CET" },
      { offset: 19_800, abbreviation: "IST" },
    ]);
    expect(findZone("europe/berlin")).toBe(undefined);
  });

  it("metaschemas are found over http and https", () => {
    expect(metaschemaAt("https://json-schema.org/draft-07/schema")).toEqual(metaschemaAt("http://json-schema.org/draft-07/schema"));
    expect(metaschemaAt("https://json-schema.org/draft/2020-12/meta/core")).not.toBe(undefined);
    expect(metaschemaAt("https://json-schema.org/draft-03/schema")).toBe(undefined);
  });
});
