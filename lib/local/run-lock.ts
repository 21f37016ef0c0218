import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Keeps two runs out of one folder: the file says whose it is, and one whose process has ended counts for nothing.
 * Returns what gives it back, or the process that has it.
 */
export function takeRunLock(folder: string): { readonly kind: "taken"; release(): void } | { readonly kind: "held"; readonly by: number } {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "run.pid");
  const holder = holderOf(path);
  if (holder !== undefined && holder !== process.pid && isAlive(holder)) return { kind: "held", by: holder };
  writeFileSync(path, `${process.pid}\n`);
  return { kind: "taken", release: () => rmSync(path, { force: true }) };
}

function holderOf(path: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(path, "utf8"), 10);
    return Number.isNaN(pid) ? undefined : pid;
  } catch {
    return undefined; // nobody was here
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
