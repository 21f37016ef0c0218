import type { Notes } from "@sluice/engine/ports/notes.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** Notes to hold to the contract. */
export type NotesUnderTest = {
  readonly notes: Notes;
  readonly now: () => number;
  readonly pass: (milliseconds: number) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** What the engine may rely on, wherever notes are kept. */
export function describeNotes(name: string, open: () => Promise<NotesUnderTest>): void {
  describe(`notes in ${name}`, () => {
    let under: NotesUnderTest;
    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.stop());
    const textOf = async (key: string): Promise<string | undefined> => (await under.notes.read(key))?.text;

    it("there is none before one is written", async () => expect(await under.notes.read("events/0")).toBeUndefined());

    it.each(["events/0", "failing/prod/uid", "receivers/0db9"])("%s is read as it was written, with the time", async (key) => {
      expect(await under.notes.write(key, "first")).toBe(true);
      expect(await under.notes.read(key)).toMatchObject({ text: "first", at: under.now() });
      await under.pass(5000);
      expect(await under.notes.read(key)).toMatchObject({ text: "first", at: under.now() - 5000 });
      expect(await textOf(`${key}1`)).toBeUndefined();
    });

    it.each(["", "\n", "a\nb\n", "ä\u{1F600}\u0000", '{"cluster":"prod"}', "x".repeat(100_000)])("any text, also %j", async (text) => {
      await under.notes.write("events/0", text);
      expect(await textOf("events/0")).toBe(text);
    });

    it("one is made once", async () => {
      expect(await under.notes.write("events/0", "first")).toBe(true);
      expect(await under.notes.write("events/0", "second")).toBe(false);
      expect(await under.notes.write("events/0", "first")).toBe(false);
      expect(await textOf("events/0")).toBe("first");
    });

    it("of any number of writers that have seen the same one wins", async () => {
      const made = await Promise.all(["a", "b", "c", "d"].map((text) => under.notes.write("events/0", text)));
      expect(made.filter((won) => won)).toHaveLength(1);
      const seen = await under.notes.read("events/0");
      const replaced = await Promise.all(["same", "same", "same"].map((text) => under.notes.write("events/0", text, seen)));
      expect(replaced.filter((won) => won)).toHaveLength(1);
      expect(await textOf("events/0")).toBe("same");
    });

    it("is replaced over what was read, and only over that", async () => {
      await under.notes.write("events/0", "a");
      const first = await under.notes.read("events/0");
      await under.pass(1000);
      expect(await under.notes.write("events/0", "a", first)).toBe(true);
      expect(await under.notes.read("events/0")).toMatchObject({ at: under.now() });
      // The same text, and yet another note.
      expect(await under.notes.write("events/0", "b", first)).toBe(false);
      expect(await textOf("events/0")).toBe("a");
      expect(await under.notes.write("events/0", "b", await under.notes.read("events/0"))).toBe(true);
    });

    it("one that is gone is not replaced, and can be made anew", async () => {
      await under.notes.write("events/0", "a");
      const seen = await under.notes.read("events/0");
      await under.notes.remove("events/0");
      await under.notes.remove("events/0");
      expect(await under.notes.read("events/0")).toBeUndefined();
      expect(await under.notes.write("events/0", "b", seen)).toBe(false);
      expect(await under.notes.write("events/0", "c")).toBe(true);
      expect(await textOf("events/0")).toBe("c");
    });
  });
}
