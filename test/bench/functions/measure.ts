import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as variables from "@sluice/platform/lambda/environment.ts";
import { bundleFunction, FUNCTION_NAMES, type FunctionName, functionEntry } from "../../../lib/stack/bundling.ts";
import { type Spread, spreadOf } from "../report.ts";

/** A function as it is deployed: how large the code is that a cold start reads, and how long a fresh process takes to import it. */
export type MeasuredFunction = {
  readonly name: FunctionName;
  readonly kib: number;
  /** What is loaded when somebody needs it, and not before. */
  readonly laterKib: number;
  /** Milliseconds. */
  readonly import: Spread;
  /** To the import of an empty module in the same round. */
  readonly ratio: Spread;
  readonly maxKib?: number;
  readonly maxMs?: number;
};

/** Source: design §7. An empty module took 3.7 ms on the machine that the milliseconds were set on (platform-facts §2). */
const BUDGETS: { readonly [Name in FunctionName]?: { readonly maxKib: number; readonly maxMs: number } } = {
  webhook: { maxKib: 400, maxMs: 60 },
  apply: { maxKib: 1024, maxMs: 120 },
};

/** Prints how long the import took, without the start of the process. */
const TIMED = "const began = performance.now(); await import(process.argv[1]); process.stdout.write(String(performance.now() - began)); process.exit(0);";

export function measureFunctions(rounds: number): readonly MeasuredFunction[] {
  const folder = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  try {
    const empty = join(folder, "empty.mjs");
    writeFileSync(empty, "export {};\n");
    const built = FUNCTION_NAMES.map((name) => ({ name, ...bundleFunction({ entry: functionEntry(name), outdir: join(folder, name) }) }));
    const times = built.map(({ file }) => Array.from({ length: rounds }, () => ({ empty: timeImport(empty), own: timeImport(file) })));
    return built.map(({ name, bytes, later }, index) => {
      const all = times[index] ?? [];
      return {
        name,
        kib: bytes / 1024,
        laterKib: later.reduce((sum, file) => sum + statSync(join(folder, name, file)).size, 0) / 1024,
        import: spreadOf(all.map(({ own }) => own)),
        ratio: spreadOf(all.map((one) => one.own / one.empty)),
        ...BUDGETS[name],
      };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function timeImport(file: string): number {
  const ms = Number(execFileSync(process.execPath, ["--input-type=module", "-e", TIMED, pathToFileURL(file).href], { encoding: "utf8", env: ENVIRONMENT }));
  if (!(ms > 0)) throw new Error(`${file} was not imported`);
  return ms;
}

/** Every variable that a composition root reads, with something in it; nothing is asked of AWS before the first event. */
const ENVIRONMENT: NodeJS.ProcessEnv = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "secret",
  ...Object.fromEntries(Object.values(variables).flatMap((name) => (typeof name === "string" ? [[name, "https://sqs.us-east-1.amazonaws.com/1/q"]] : []))),
  [variables.ENV_CLUSTERS]: JSON.stringify([{ name: "prod", region: "us-east-1" }]),
  [variables.ENV_SETTINGS]: "{}",
  [variables.ENV_GATE_SERVERS]: ".us-east-1.eks.amazonaws.com",
};

export function functionTable(all: readonly MeasuredFunction[]): string {
  const head = ["function", "code, KiB", "budget", "later, KiB", "import, ms (min med max)", "budget", "of an empty module", ""];
  const shown = ({ min, median, max }: Spread): string => `${min.toFixed(1)} ${median.toFixed(1)} ${max.toFixed(1)}`;
  const lines = all.map(({ name, kib, laterKib, import: ms, ratio, maxKib, maxMs }) => {
    const isMet = (maxKib === undefined || kib <= maxKib) && (maxMs === undefined || ms.median <= maxMs);
    const verdict = maxKib === undefined ? "" : isMet ? "met" : "MISSED";
    return [
      name,
      kib.toFixed(0),
      maxKib?.toString() ?? "-",
      laterKib === 0 ? "-" : laterKib.toFixed(0),
      shown(ms),
      maxMs?.toString() ?? "-",
      shown(ratio),
      verdict,
    ];
  });
  return rows([head, ...lines]);
}

function rows(all: readonly (readonly string[])[]): string {
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return `${all.map((cells) => line(cells).trimEnd()).join("\n")}\n`;
}
