import { expect, it } from "vitest";
import { badBase64At } from "../../../../../lib/local/sandbox/resources/base64.ts";

it.each([
  ["not base64!", true, 3],
  ["aGk=", true, undefined],
  ["aGkh", true, undefined],
  ["aG k", true, 2],
  ["aGk", true, 0],
  ["aGkhaG", true, 4],
  ["aG=", true, 3],
  ["a=", true, 1],
  ["aGk==", true, 4],
  ["aGk=x", true, 4],
  ["aG\nk=", true, undefined],
  ["aGk", false, undefined],
  ["x", false, 0],
])("%j (padded: %j) is bad at %j", (text, padded, at) => expect(badBase64At(text, padded)).toBe(at));
