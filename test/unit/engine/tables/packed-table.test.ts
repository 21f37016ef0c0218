import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onFirstUse } from "@sluice/engine/tables/on-first-use.ts";
import { packTable, unpackTable } from "@sluice/engine/tables/packed-table.ts";
import { expect, it } from "vitest";

const ENGINE = fileURLToPath(new URL("../../../../layers/engine/", import.meta.url));
const read = (file: string): unknown => JSON.parse(readFileSync(ENGINE + file, "utf8"));

it("comes back as it was", () => expect(unpackTable(packTable({ a: ["ü", 1, null] }))).toEqual({ a: ["ü", 1, null] }));

it.each(["plan/typed-kinds", "build/kustomize/schema/built-in"])("%s: what the bundle carries is what people read, in less than a third", (table) => {
  const packed = read(`${table}.packed.json`);
  if (typeof packed !== "string") throw new Error("no text");
  expect(unpackTable(packed)).toEqual(read(`${table}.generated.json`));
  expect(packed.length).toBeLessThan(JSON.stringify(read(`${table}.generated.json`)).length / 3);
});

it("a value is made once, when it is asked for", () => {
  let count = 0;
  const value = onFirstUse(() => ++count);
  expect(count).toBe(0);
  expect([value(), value(), count]).toEqual([1, 1, 1]);
});
