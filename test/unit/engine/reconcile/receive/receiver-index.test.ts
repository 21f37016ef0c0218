import { epochMs } from "@sluice/engine/domain/time.ts";
import type { Notes } from "@sluice/engine/ports/notes.ts";
import { createReceiverIndex } from "@sluice/engine/reconcile/receive/receiver-index.ts";
import { createMemoryNotes } from "@sluice/platform/memory/notes.ts";
import { describe, expect, it } from "vitest";

const DIGEST = "a".repeat(64);
const PATH = `/hook/${DIGEST}`;
const DAY = 86_400_000;
const at = (cluster: string) => ({ cluster, namespace: "hooks", name: "web" });

/** Notes that write down what reaches them. */
function world() {
  const time = { now: 0 };
  const clock = { now: () => epochMs(time.now) };
  const kept = createMemoryNotes({ clock });
  const calls: string[] = [];
  const notes: Notes = {
    read: (key) => {
      calls.push(`read ${key.replace(DIGEST, "…")}`);
      return kept.read(key);
    },
    write: (key, text, over) => {
      calls.push(`write ${key.replace(DIGEST, "…")}`);
      return kept.write(key, text, over);
    },
    remove: kept.remove,
  };
  return { time, kept, calls, index: () => createReceiverIndex({ notes, clock }) };
}

describe("the index of paths", () => {
  it("finds what was noted, and nothing else", async () => {
    const { index } = world();
    await index().keep(PATH, { ...at("prod"), more: "x" } as never);
    expect(await index().find(PATH)).toEqual([at("prod")]);
    expect(await index().find(`/hook/${"b".repeat(64)}`)).toEqual([]);
  });

  it("a path that is none is neither noted nor asked for", async () => {
    const { calls, index } = world();
    await index().keep("/hook/../x", at("prod"));
    expect([await index().find("/hook/../x"), await index().find(`${PATH}?a=b`), calls]).toEqual([[], [], []]);
  });

  it("one process notes once; another reads, and writes nothing", async () => {
    const { calls, index } = world();
    const first = index();
    for (let n = 0; n < 3; n++) await first.keep(PATH, at("prod"));
    expect(calls.splice(0)).toEqual(["read receivers/…", "write receivers/…"]);
    const second = index();
    for (let n = 0; n < 3; n++) await second.keep(PATH, at("prod"));
    expect(calls).toEqual(["read receivers/…"]);
  });

  it("is written anew each day, since notes are forgotten", async () => {
    const { time, calls, index } = world();
    const one = index();
    await one.keep(PATH, at("prod"));
    time.now = DAY - 1;
    await one.keep(PATH, at("prod"));
    expect(calls.splice(0)).toHaveLength(2);
    time.now = DAY;
    await one.keep(PATH, at("prod"));
    expect(calls.splice(0)).toEqual(["read receivers/…", "write receivers/…"]);
    time.now = 20 * DAY;
    expect(await one.find(PATH)).toEqual([]);
    await one.keep(PATH, at("prod"));
    expect(await one.find(PATH)).toEqual([at("prod")]);
  });

  it("the same Receiver in several clusters has the same path: each is found, and the one that is gone is forgotten after a week", async () => {
    const { time, index } = world();
    await index().keep(PATH, at("prod"));
    await index().keep(PATH, at("staging"));
    expect((await index().find(PATH)).map(({ cluster }) => cluster).toSorted()).toEqual(["prod", "staging"]);
    for (time.now = DAY; time.now <= 7 * DAY; time.now += DAY) await index().keep(PATH, at("prod"));
    expect(await index().find(PATH)).toEqual([at("prod")]);
  });

  it("who comes second over a note that another has written meanwhile is noted the next time", async () => {
    const { kept, time, calls } = world();
    const clock = { now: () => epochMs(time.now) };
    let meanwhile = true;
    const notes: Notes = {
      ...kept,
      write: async (key, text, over) => {
        if (meanwhile) await kept.write(key, JSON.stringify({ places: [{ ...at("staging"), seen: 0 }] }), await kept.read(key));
        meanwhile = false;
        calls.push("write");
        return kept.write(key, text, over);
      },
    };
    const index = createReceiverIndex({ notes, clock });
    await index.keep(PATH, at("prod"));
    expect(await index.find(PATH)).toEqual([at("staging")]);
    await index.keep(PATH, at("prod"));
    expect((await index.find(PATH)).map(({ cluster }) => cluster).toSorted()).toEqual(["prod", "staging"]);
  });

  it.each([
    "",
    "{",
    "[]",
    "null",
    '{"places":1}',
    '{"places":[1,null,{"cluster":"c"},{"cluster":"c","namespace":"n","name":"x","seen":"y"}]}',
  ])("a note that cannot be read (%s) says nothing, and is written anew", async (text) => {
    const { kept, index } = world();
    await kept.write(`receivers/${DIGEST}`, text);
    expect(await index().find(PATH)).toEqual([]);
    await index().keep(PATH, at("prod"));
    expect(await index().find(PATH)).toEqual([at("prod")]);
  });

  it("no more than 200 clusters are noted: the last that were seen", async () => {
    const { time, index } = world();
    for (let n = 0; n < 201; n++) {
      time.now = n;
      await index().keep(PATH, at(`c${n}`));
    }
    const found = (await index().find(PATH)).map(({ cluster }) => cluster);
    expect([found.length, found.includes("c0"), found.includes("c200")]).toEqual([200, false, true]);
  });
});
