import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { takeRunLock } from "../../../lib/local/run-lock.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-lock-"));
  file = join(folder, "run.pid");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("takes a folder that nobody has, makes it where it is missing, and gives it back", () => {
  const lock = takeRunLock(join(folder, "not", "there"));
  expect(lock.kind).toBe("taken");
  const mine = takeRunLock(folder);
  expect(readFileSync(file, "utf8")).toMatch(new RegExp(`^${process.pid}\\b`));
  if (mine.kind === "taken") mine.release();
  expect(takeRunLock(folder).kind).toBe("taken");
});

it("leaves a folder to the process that has it", () => {
  const parent = process.ppid;
  const { start } = { start: readStart(parent) };
  writeFileSync(file, `${parent} ${start}\n`);
  expect(takeRunLock(folder)).toEqual({ kind: "held", by: parent });
  expect(readFileSync(file, "utf8")).toBe(`${parent} ${start}\n`);
});

it.each(["2147483646 1\n", "", "nonsense", "-1 1", "0 1", "1.5 1"])("a file that says %j holds nobody up", (text) => {
  writeFileSync(file, text);
  expect(takeRunLock(folder).kind).toBe("taken");
});

/** As the lock writes it: when the process began, on Linux. */
function readStart(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
