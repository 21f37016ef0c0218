import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SchemaCase } from "../schema/schema-case.ts";

export type Helm = {
  run(files: ReadonlyMap<string, string>): { readonly code: number; readonly out: string; readonly error: string };
  together(expressions: readonly string[]): readonly string[];
};

const CHART = "apiVersion: v2\nname: c\nversion: 1.0.0\n";

/** The real helm, which renders charts that are made for it. */
export function openHelm(path: string): Helm {
  const run: Helm["run"] = (files) => {
    const folder = mkdtempSync(join(tmpdir(), "sluice-helm-"));
    for (const [name, text] of files) {
      mkdirSync(join(folder, name, ".."), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { status, stdout, stderr } = spawnSync(path, ["template", folder], { encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, TZ: "UTC" } });
    rmSync(folder, { recursive: true });
    return { code: status ?? 1, out: stdout, error: stderr };
  };
  return {
    run,
    together: (expressions) => {
      const lines = expressions.map((expression, index) => `a${index}: {{ ${expression} | toString | toJson }}`);
      const { code, out, error } = run(
        new Map([
          ["Chart.yaml", CHART],
          ["templates/a.yaml", lines.join("\n")],
        ]),
      );
      if (code !== 0) throw new Error(error);
      const answers = new Map([...out.matchAll(/^a(\d+): (".*")$/gm)].map(([, index, text]): [number, string] => [Number(index), JSON.parse(text ?? '""')]));
      return expressions.map((_, index) => answers.get(index) ?? "");
    },
  };
}

/** The words of the error that an expression ends in. */
export function askHelm(helm: Helm, expression: string, name: string): string {
  const { error } = helm.run(
    new Map([
      ["Chart.yaml", CHART],
      ["templates/a.yaml", `a: {{ ${expression} | toString | toJson }}`],
    ]),
  );
  return (error.split(`error calling ${name}: `)[1] ?? error).replace(/\n\nUse --debug flag[^\n]*\n?$/, "").trimEnd();
}

/** Many charts below one: helm says of all at once what is wrong with their values. */
export function askHelmOfSchemas(helm: Helm, cases: readonly SchemaCase[]): readonly string[] {
  const AT_ONCE = 250;
  const answers: string[] = [];
  for (let start = 0; start < cases.length; start += AT_ONCE) answers.push(...askAtOnce(helm, cases.slice(start, start + AT_ONCE)));
  return answers;
}

function askAtOnce(helm: Helm, cases: readonly SchemaCase[]): readonly string[] {
  const name = (index: number): string => `case-${String(index).padStart(5, "0")}-schema`;
  const files = new Map([["Chart.yaml", CHART]]);
  for (const [index, { schema, values }] of cases.entries()) {
    files.set(`charts/${name(index)}/Chart.yaml`, CHART.replace("name: c", `name: ${name(index)}`));
    files.set(`charts/${name(index)}/values.schema.json`, schema);
    files.set(`charts/${name(index)}/values.yaml`, JSON.stringify(values));
  }
  const { error } = helm.run(files);
  const found = new Map(
    [...error.matchAll(/(case-\d{5}-schema):\n([\s\S]*?)(?=case-\d{5}-schema:\n|$)/g)].map(([, key, text]): [string, string] => [
      key ?? "",
      (text ?? "").trim(),
    ]),
  );
  return cases.map((_, index) => found.get(name(index)) ?? "");
}
