import { readFileSync } from "node:fs";
import { createValidateValues } from "@sluice/engine/build/helm/schema/validate-values.ts";
import { expect, it } from "vitest";
import { inOrder, type SchemaCase, withGlobal } from "../../../../../helm/schema/schema-case.ts";

/** What helm 4.1.4 says of random schemas: `node test/helm/main.ts answers --record` asks it again. */
const rows: readonly (readonly [SchemaCase, string])[] = JSON.parse(
  readFileSync(new URL("../../../../../golden/helm/schema-answers.json", import.meta.url), "utf8"),
);

it("random schemas of all drafts are refused in helm's words", () => {
  const validate = createValidateValues();
  const ours = rows.map(([{ schema, values }]) => inOrder((validate(withGlobal(values), schema) ?? "").trim()));
  expect(ours).toEqual(rows.map(([, want]) => want));
  expect(rows.filter(([, want]) => want === "").length).toBeGreaterThan(20);
});
