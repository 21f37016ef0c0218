import { expand } from "@sluice/engine/build/kustomize/vars/expand.ts";
import { expect, it } from "vitest";

const VALUES = new Map([
  ["A", "one"],
  ["B", "$(A)"],
]);

it.each([
  { text: "$(A)", want: "whole one" },
  { text: "$(A) and $(A)", want: "one and one" },
  { text: "x$(A)", want: "xone" },
  { text: "$(B)!", want: "$(A)!" },
  { text: "$(UNKNOWN)", want: "$(UNKNOWN)" },
  { text: "$$(A)", want: "$(A)" },
  { text: "$$$(A)", want: "$one" },
  { text: "$A $", want: "$A $" },
  { text: "$(A", want: "$(A" },
  { text: "$(A $(A)", want: "$(A $(A)" },
  { text: "ö$(A)", want: "öone" },
  { text: "$ö", want: "JMOD" + "tg==" },
  { text: "plain", want: "plain" },
])("$text", ({ text, want }) => {
  const expansion = expand(text, (name) => VALUES.get(name), String);
  expect(expansion.kind === "whole" ? `whole ${expansion.value}` : expansion.text).toBe(want);
});
