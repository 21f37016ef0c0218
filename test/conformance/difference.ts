import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Json } from "@sluice/engine/domain/json.ts";
import { parse, stringify } from "yaml";
import { inOrder } from "./snapshot/clean.ts";

const run = promisify(execFile);

/** What differs between a recording and what is there now, as a diff of YAML; empty when they say the same. */
export async function diffFromRecording(recorded: string, now: Json): Promise<string> {
  const want = textOf(parse(recorded));
  const got = textOf(now);
  if (want === got) return "";
  const folder = await mkdtemp(join(tmpdir(), "sluice-conformance-"));
  try {
    const files = { want: join(folder, "recorded"), got: join(folder, "now") };
    await Promise.all([writeFile(files.want, want), writeFile(files.got, got)]);
    return await gitDiff(files.want, files.got);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const textOf = (value: Json): string => stringify(inOrder(value), { lineWidth: 0 });

/** Git says what differs with exit status 1. */
async function gitDiff(want: string, got: string): Promise<string> {
  const said = await run("git", ["diff", "--no-index", "--no-color", "-U2", want, got], { maxBuffer: 64 << 20 }).catch((error: unknown) => error);
  const text = typeof said === "object" && said !== null && "stdout" in said ? String(said.stdout) : "";
  if (text === "") throw said;
  return text.split("\n").slice(4).join("\n");
}
