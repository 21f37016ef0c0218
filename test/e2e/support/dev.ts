import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environment } from "./shell.ts";
import { until } from "./until.ts";

const SLUICE = fileURLToPath(new URL("../../../lib/cli/sluice.js", import.meta.url));

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly out: string; readonly err: string };

/** `sluice dev` as a child process, with a folder of its own and at the head of a process group, as a terminal has it. */
export type Dev = {
  readonly folder: string;
  readonly kubeconfig: string;
  out(): string;
  err(): string;
  /** Resolves when the three things to try have been printed. */
  ready(): Promise<void>;
  /** The line of the output that sets up a shell, and the commands below it, as they were printed. */
  printed(): { readonly setUp: string; readonly commands: readonly string[]; readonly cloneUrl: string };
  /** To every process of the group, as Ctrl-C does. */
  signal(signal: NodeJS.Signals): void;
  /** Whether any process of the group is left. */
  isAlive(): boolean;
  ended: Promise<Ended>;
  /** Ends it, whatever state it is in, and removes the folder. */
  dispose(): Promise<void>;
};

export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), "sluice e2e-"));

export async function startDev(words: readonly string[], options: { readonly folder?: string; readonly env?: NodeJS.ProcessEnv } = {}): Promise<Dev> {
  const folder = options.folder ?? (await temporaryFolder());
  const child = spawn(process.execPath, [SLUICE, "dev", "--dir", folder, ...words], {
    env: { ...environment(), ...options.env },
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const heard = listen(child);
  const signal = (name: NodeJS.Signals): void => void (child.pid !== undefined && process.kill(-child.pid, name));
  const isAlive = (): boolean => {
    try {
      signalNothing(child);
      return true;
    } catch {
      return false;
    }
  };
  // Also when the tests end before they could stop it.
  const kill = (): void => void (isAlive() && signal("SIGKILL"));
  process.once("exit", kill);
  void heard.ended.then(() => process.off("exit", kill));
  const out = (): string => heard.out.join("");
  const err = (): string => heard.err.join("");
  return {
    folder,
    kubeconfig: join(folder, ".sluice", "kubeconfig"),
    out,
    err,
    ready: () =>
      until("Sluice is ready", () => {
        if (child.exitCode !== null) throw new Error(`sluice dev ended with ${child.exitCode}:\n${out()}${err()}`);
        return out().includes("Ctrl-C stops.");
      }),
    printed: () => printedIn(out()),
    signal,
    isAlive,
    ended: heard.ended,
    dispose: async () => {
      kill();
      await heard.ended;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Throws when the group is gone. */
const signalNothing = (child: ChildProcess): void => void process.kill(-(child.pid ?? 0), 0);

function listen(child: ChildProcess): { readonly out: string[]; readonly err: string[]; readonly ended: Promise<Ended> } {
  const out: string[] = [];
  const err: string[] = [];
  child.stdout?.on("data", (part: Buffer) => out.push(part.toString()));
  child.stderr?.on("data", (part: Buffer) => err.push(part.toString()));
  const ended = new Promise<Ended>((done) => child.on("close", (code, signal) => done({ code, signal, out: out.join(""), err: err.join("") })));
  return { out, err, ended };
}

/** `sluice dev` until it ends by itself. */
export async function runDev(words: readonly string[], options: { readonly folder?: string; readonly env?: NodeJS.ProcessEnv } = {}): Promise<Ended> {
  const dev = await startDev(words, options);
  const ended = await dev.ended;
  if (options.folder === undefined) await dev.dispose();
  return ended;
}

export const lastLine = (text: string): string => text.trimEnd().split("\n").at(-1) ?? "";

function printedIn(text: string): { readonly setUp: string; readonly commands: readonly string[]; readonly cloneUrl: string } {
  const lines = text.split("\n");
  const setUp = lines.find((line) => line.trim().startsWith("export KUBECONFIG=")) ?? "";
  const commands = lines.filter((line) => /^ {5}\S/.test(line)).map((line) => line.trim());
  const [, cloneUrl = ""] = /^repository\s+(\S+)$/m.exec(text) ?? [];
  return { setUp: setUp.trim(), commands, cloneUrl };
}
