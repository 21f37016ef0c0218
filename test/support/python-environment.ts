import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The folder of programs of a virtual environment of Python with exactly what `requirements` (a file) names. Made once per machine and list, outside of the
 * repository: below SLUICE_PYTHON_CACHE, else ~/.cache/sluice-python. Throws when it cannot be made: what is to be checked by it was not.
 */
export function pythonPrograms(name: string, requirements: string): string {
  const root = process.env["SLUICE_PYTHON_CACHE"] ?? join(homedir(), ".cache", "sluice-python");
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const folder = join(root, `${name}-${hash}`);
  const programs = join(folder, "bin");
  const complete = join(folder, "complete");
  if (existsSync(complete)) return programs;
  mkdirSync(root, { recursive: true });
  execFileSync("python3", ["-m", "venv", "--clear", folder], { timeout: 120_000, stdio: "inherit" });
  execFileSync(join(programs, "pip"), ["install", "--quiet", "--disable-pip-version-check", "-r", requirements], { timeout: 600_000, stdio: "inherit" });
  writeFileSync(complete, "");
  return programs;
}
