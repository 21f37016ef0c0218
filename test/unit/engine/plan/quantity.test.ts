import { canonicalQuantity } from "@sluice/engine/plan/quantity.ts";
import { expect, it } from "vitest";

/** Source of the answers: apimachinery resource.Quantity, parsed and written. */
it.each([
  ["1000m", "1"],
  ["0.5", "500m"],
  ["1500m", "1500m"],
  ["1.500", "1.500"],
  ["1.50", "1500m"],
  ["1024Mi", "1Gi"],
  ["1536Mi", "1536Mi"],
  ["1.5Gi", "1536Mi"],
  ["0.5Ki", "512"],
  ["1073741824", "1073741824"],
  ["1000000", "1M"],
  ["1024", "1024"],
  ["12e6", "12e6"],
  ["1e4", "10e3"],
  ["0.0001", "100u"],
  ["1025Mi", "1025Mi"],
  ["0", "0"],
  ["0Mi", "0"],
  ["-1500m", "-1500m"],
  ["100000k", "100M"],
])("%s is written as %s", (text, want) => expect(canonicalQuantity(text)).toBe(want));
it.each(["", "abc", "1Zi", "1.2.3", "1 Gi", "--1", ".", "1e", "1eE"])("%j is no quantity", (text) => expect(canonicalQuantity(text)).toBeUndefined());
