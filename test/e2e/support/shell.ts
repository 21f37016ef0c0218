import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { kubectlOfTests } from "../../support/kubectl.ts";

export type Answer = { readonly code: number; readonly out: string; readonly err: string };

/** The environment of a person without settings of git, of kubectl, of Sluice. */
export function environment(): NodeJS.ProcessEnv {
  const { KUBECONFIG: _, SLUICE_DIR: __, FLUX_SYSTEM_NAMESPACE: ___, ...rest } = process.env;
  return { ...rest, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0" };
}

/** Runs a line in a shell; never throws for what the command answers. */
export function sh(line: string, env: NodeJS.ProcessEnv = {}): Promise<Answer> {
  return new Promise((done) => {
    execFile("sh", ["-c", line], { env: { ...environment(), ...env } }, (error, out, err) => {
      done({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : 1, out, err });
    });
  });
}

/** As `sh`, for a line that has to succeed; what it printed on stdout, trimmed. */
export async function must(line: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { code, out, err } = await sh(line, env);
  if (code !== 0) throw new Error(`${line}\nended with ${code}\n${out}${err}`);
  return out.trim();
}

/** The kubectl of the npm package (or of the PATH where that one does not run). */
export const kubectlPath = kubectlOfTests;

/** Commands against the cluster of `kubeconfig`, in a shell that has kubectl and sluice. */
export function shellFor(kubeconfig: string, commands: string): { sh(line: string): Promise<Answer>; must(line: string): Promise<string> } {
  const env = { KUBECONFIG: kubeconfig, PATH: [commands, dirname(process.execPath), process.env.PATH].join(delimiter) };
  return { sh: (line) => sh(line, env), must: (line) => must(line, env) };
}
