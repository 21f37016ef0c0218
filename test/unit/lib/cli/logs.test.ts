import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseTime } from "@sluice/engine/domain/time.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LogFilter, renderLogLine } from "../../../../lib/cli/log-line.ts";
import { readLog } from "../../../../lib/cli/read-log.ts";
import { createMemoryCli } from "../../../support/cli/memory-cli.ts";

const LINE = { ts: "2030-01-01T00:00:00.000Z", level: "info", msg: "done", controllerKind: "Kustomization", name: "web", namespace: "apps" };
const text = (more: object = {}): string => JSON.stringify({ ...LINE, ...more });
const since = parseTime("2030-01-01T00:00:01Z");

describe("renderLogLine, in Flux's format", () => {
  it.each<{ line: string; filter?: LogFilter; want: string | undefined }>([
    { line: text(), want: "2030-01-01T00:00:00.000Z info Kustomization/web.apps - done \n" },
    { line: text({ error: "boom", level: "error" }), want: "2030-01-01T00:00:00.000Z error Kustomization/web.apps - done boom\n" },
    {
      line: text({ msg: "webhook", code: 400, why: "the signature header is missing or wrong" }),
      want: "2030-01-01T00:00:00.000Z info Kustomization/web.apps - webhook 400: the signature header is missing or wrong\n",
    },
    {
      line: text({ msg: "delivery put off", alert: "apps/prod", provider: "chat", why: "status 500: {}\n2nd" }),
      want: "2030-01-01T00:00:00.000Z info Kustomization/web.apps - delivery put off Alert/apps/prod: status 500: {}\n  2nd\n",
    },
    {
      line: text({ msg: "delivery failed", alert: "apps/prod", error: "no_service", why: "never both" }),
      want: "2030-01-01T00:00:00.000Z info Kustomization/web.apps - delivery failed Alert/apps/prod: no_service\n",
    },
    { line: text({ msg: "delivered", channel: "slack" }), want: "2030-01-01T00:00:00.000Z info Kustomization/web.apps - delivered slack\n" },
    {
      line: text({ msg: "pass waiting: ArtifactFailed", message: "Source artifact not found" }),
      want: "2030-01-01T00:00:00.000Z info Kustomization/web.apps - pass waiting: ArtifactFailed Source artifact not found\n",
    },
    { line: text({ name: "" }), want: "2030-01-01T00:00:00.000Z info Kustomization - done \n" },
    { line: text(), filter: { level: "error" }, want: undefined },
    { line: text(), filter: { kind: "kustomization", name: "WEB", namespace: "Apps" }, want: "2030-01-01T00:00:00.000Z info Kustomization/web.apps - done \n" },
    { line: text(), filter: { namespace: "flux-system" }, want: undefined },
    { line: text(), filter: { name: "other" }, want: undefined },
    { line: text(), filter: since === undefined ? {} : { since }, want: undefined },
    { line: "no JSON", want: undefined },
    { line: '{"half', want: undefined },
  ])("$line $filter", ({ line, filter = {}, want }) => expect(renderLogLine(line, filter)).toBe(want));
});

describe("readLog", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-log-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const read = async (options: { tail?: number; filter?: LogFilter } = {}): Promise<{ there: boolean; lines: string[] }> => {
    const lines: string[] = [];
    const there = await readLog(
      { path: join(folder, "log.jsonl"), filter: {}, follow: false, signal: new AbortController().signal, ...options },
      (line) => line !== "" && lines.push(line),
    );
    return { there, lines };
  };

  it("says that there is no log", async () => expect(await read()).toEqual({ there: false, lines: [] }));

  it("prints whole lines, and of a tail the last ones", async () => {
    await writeFile(join(folder, "log.jsonl"), `${text({ msg: "ä" })}\n${text({ msg: "two" })}\n${text({ msg: "half" })}`);
    expect((await read()).lines.map((line) => line.split(" - ")[1])).toEqual(["ä \n", "two \n"]);
    expect((await read({ tail: 1 })).lines.map((line) => line.split(" - ")[1])).toEqual(["two \n"]);
  });

  it("a tail is taken before the filter, as of a Pod's log: lines of others count", async () => {
    await writeFile(
      join(folder, "log.jsonl"),
      `${text({ msg: "wanted" })}\n${text({ msg: "x", controllerKind: "GitRepository" })}\n${text({ level: "error" })}\n`,
    );
    const filter = { kind: "Kustomization", level: "info" };
    expect((await read({ filter })).lines).toHaveLength(1);
    expect((await read({ filter, tail: 3 })).lines).toHaveLength(1);
    expect((await read({ filter, tail: 2 })).lines).toEqual([]);
    expect((await read({ filter, tail: 0 })).lines).toEqual([]);
  });

  it("says in one line that the folder is none", async () => {
    await writeFile(join(folder, "file"), "");
    const said = await createMemoryCli({ objects: [] }).run(["logs", "--dir", join(folder, "file")]);
    expect(said).toEqual({ out: "", err: `✗ failed to read the log: open ${join(folder, "file", ".sluice", "log.jsonl")}: not a directory\n`, code: 1 });
  });

  it("follows what is written, and a log that begins anew", async () => {
    const path = join(folder, "log.jsonl");
    await writeFile(path, `${text({ msg: "a long first line" })}\n`);
    const stop = new AbortController();
    const waiting: { wanted: string; done: () => void }[] = [];
    const until = (wanted: string): Promise<void> => new Promise((done) => waiting.push({ wanted, done }));
    const seen = [until("first"), until("second"), until("third")];
    const reading = readLog({ path, filter: {}, follow: true, signal: stop.signal }, (line) => {
      for (const { wanted, done } of waiting) if (line.includes(wanted)) done();
    });
    await seen[0];
    await appendFile(path, `${text({ msg: "second" })}\n`);
    await seen[1];
    await writeFile(path, `${text({ msg: "third" })}\n`);
    await seen[2];
    stop.abort();
    expect(await reading).toBe(true);
  });
});
