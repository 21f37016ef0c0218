import { answeredJson } from "@sluice/platform/notifications/git/answered-json.ts";
import { describe, expect, it } from "vitest";

const read = (text: string) => answeredJson(Buffer.from(text));

describe("the JSON of an answer", () => {
  it.each([
    { text: '{"a":[1,"x"]}', want: { a: [1, "x"] } },
    { text: '\ufeff{"a":1}', want: { a: 1 } },
    { text: "null", want: null },
    { text: "", want: undefined },
    { text: "<html>", want: undefined },
    { text: "{", want: undefined },
  ])("$text", ({ text, want }) => expect(read(text)).toEqual(want));

  it.each([
    { name: "objects", text: `[${"{},".repeat(200_000)}{}]` },
    { name: "lists", text: `${"[".repeat(300_001)}${"]".repeat(300_001)}` },
    { name: "numbers", text: `[${"1,".repeat(300_001)}1]` },
  ])("is none with more $name than memory may have to hold", ({ text }) => expect(read(text)).toBeUndefined());

  it("may have a text with any number of signs", () => {
    const text = `\\"[{,`.repeat(500_000);
    expect(read(JSON.stringify({ text, next: 1 }))).toEqual({ text, next: 1 });
  });
});
