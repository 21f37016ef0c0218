import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a call comes to: its type, its text and its JSON, each quoted as Go does; or what Helm says is wrong. */
export type Answer = { readonly kind: "value" | "error"; readonly text: string };

const FIRST_LINE = 7;
const HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: answers\ndata:\n  out: |\n";

/** What `.Values` is. */
export const VALUES = { name: "my Nice-name_here", list: ["pear", "apple"], map: { a: 1, b: { c: "x" } }, million: 1_000_000, half: 0.5, yes: true };

/** One line of a template for an expression, before which others may stand: `$d := dict ;; set $d "a" 1`. */
export function lineOf(expression: string): string {
  const parts = expression.split(" ;; ");
  const before = parts.slice(0, -1).map((part) => `{{ ${part} }}`);
  return `    ${before.join("")}{{ $r := ${parts.at(-1)} }}={{ printf "%T %q %q" $r (printf "%v" $r) (toJson $r) }}`;
}

/**
 * Asks helm for all expressions in one chart. A call that fails ends the whole run, so those that we expect to fail (`likelyWrong`) are asked alone, and
 * the others again without the one that failed.
 */
export async function askHelm(helm: string, expressions: readonly string[], likelyWrong: (index: number) => boolean): Promise<readonly Answer[]> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-helm-functions-"));
  try {
    await mkdir(join(folder, "templates"));
    await writeFile(join(folder, "Chart.yaml"), "apiVersion: v2\nname: oracle\nversion: 1.0.0\n");
    await writeFile(join(folder, "values.yaml"), JSON.stringify(VALUES));
    const answers = new Map<number, Answer>();
    const indices = expressions.map((_, index) => index);
    for (const index of indices.filter(likelyWrong)) await askAll(helm, folder, expressions, [index], answers);
    await askAll(
      helm,
      folder,
      expressions,
      indices.filter((index) => !likelyWrong(index)),
      answers,
    );
    return indices.map((index) => answers.get(index) ?? { kind: "error", text: "was not answered" });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function askAll(helm: string, folder: string, expressions: readonly string[], indices: readonly number[], answers: Map<number, Answer>): Promise<void> {
  let left = indices;
  while (left.length > 0) {
    await writeFile(join(folder, "templates", "t.yaml"), HEAD + left.map((index) => lineOf(expressions[index] ?? "")).join("\n"));
    const { stdout, stderr } = await run(helm, ["template", "o", folder]);
    if (stderr === "") {
      const lines = stdout.split("\n").filter((line) => line.startsWith("    ="));
      if (lines.length !== left.length) throw new Error(`helm answers ${lines.length} of ${left.length} lines:\n${stdout.slice(0, 500)}`);
      for (const [place, index] of left.entries()) answers.set(index, { kind: "value", text: (lines[place] ?? "").slice("    =".length) });
      return;
    }
    const place = Number(/oracle\/templates\/t\.yaml:(\d+)/.exec(stderr)?.[1] ?? 0) - FIRST_LINE;
    const failed = left[place];
    if (failed === undefined) throw new Error(stderr);
    answers.set(failed, { kind: "error", text: messageOf(stderr) });
    left = left.filter((index) => index !== failed);
  }
}

/** What stands behind the place: `error calling div: …`, `expected integer; found "x"`. */
function messageOf(stderr: string): string {
  const to = stderr.indexOf("\n\nUse --debug flag");
  const message = stderr.slice(0, to === -1 ? undefined : to).trimEnd();
  const from = message.indexOf("error calling ");
  if (from !== -1) return message.slice(from);
  return (message.split("\n").at(-1) ?? "").replace(/^Error: parse error at \([^)]*\): /, "").trim();
}

const run = (program: string, args: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> =>
  new Promise((resolve) => {
    execFile(program, args, { maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => resolve({ stdout, stderr: error === null ? "" : stderr }));
  });
