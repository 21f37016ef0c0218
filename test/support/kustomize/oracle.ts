import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type Answer, type Input, SHOWN_ROOT } from "./case.ts";

/** Somebody who knows what kustomize says. */
export type Oracle = {
  readonly name: string;
  ask(input: Input): Promise<Answer>;
  end(): void;
};

/**
 * A process that reads one question per line and answers each with `{"yaml","error"}`: kustomize's own library, for whoever has built one
 * (`test/kustomize/oracle/`). Many times faster than a kubectl per tree.
 */
export function createLineOracle(program: string): Oracle {
  const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
  const waiting: { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }[] = [];
  let ended: Error | undefined;
  const fail = (error: Error): void => {
    ended ??= error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  child.on("error", fail);
  child.on("close", (code) => fail(new Error(`${program} ended with ${code}`)));
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.resolve(parseAnswer(line)));
  return {
    name: program,
    ask: (input) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify(questionOf(input))}\n`);
      }),
    end: () => child.stdin.end(),
  };
}

const questionOf = ({ files, bytes, links, path, restriction, order }: Input) => ({
  files,
  base64: bytes ?? {},
  links: links ?? {},
  path,
  restrict: restriction === "within-tree" ? "tree" : "folder",
  sort: order,
  shown: SHOWN_ROOT,
});

function parseAnswer(line: string): Answer {
  const value: unknown = JSON.parse(line);
  if (typeof value !== "object" || value === null || !("yaml" in value) || !("error" in value)) throw new Error(`not an answer: ${line.slice(0, 200)}`);
  if (typeof value.yaml !== "string" || typeof value.error !== "string") throw new Error(`not an answer: ${line.slice(0, 200)}`);
  return value.error === "" ? { kind: "built", yaml: value.yaml } : { kind: "failed", message: withoutAddresses(value.error) };
}

/** Go prints where things stood in its memory; nobody can want that. */
export const withoutAddresses = (message: string): string =>
  message.replaceAll(/ &\{0x[0-9a-f]+ (?:<nil>|0x[0-9a-f]+)\}(?=: )/g, "").replaceAll(/\b0x[0-9a-f]{6,}\b/g, "0x0");
