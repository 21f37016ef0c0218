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
  if (holder !== undefined && holder.pid !== process.pid && isAlive(holder)) return { kind: "held", by: holder.pid };
  rmSync(path, { force: true });
  try {
    writeFileSync(path, `${process.pid} ${startOf(process.pid)}\n`, { flag: "wx" });
  } catch (error) {
    // Somebody else took it between the two lines above.
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return { kind: "held", by: holderOf(path)?.pid ?? 0 };
    throw error;
  }
  return { kind: "taken", release: () => rmSync(path, { force: true }) };
}

type Holder = { readonly pid: number; readonly start: string };

function holderOf(path: string): Holder | undefined {
  try {
    const [pid = "", start = ""] = readFileSync(path, "utf8").trim().split(" ");
    return /^[1-9]\d*$/.test(pid) ? { pid: Number(pid), start } : undefined;
  } catch {
    return undefined; // nobody was here
  }
}

function isAlive({ pid, start }: Holder): boolean {
  try {
    process.kill(pid, 0);
    return startOf(pid) === start;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** When a process began, where the system says it (Linux): numbers are given again, in a container at each start. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the name, which may hold anything, the 20th field: field 22 of proc(5).
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
