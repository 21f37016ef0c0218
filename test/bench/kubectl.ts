import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { kubectlOfTests } from "../support/kubectl.ts";

/** `kubectl apply --server-side` of a stream of manifests; milliseconds until it has ended. */
export type Kubectl = (manifests: string) => Promise<number>;

export async function createKubectl(kubeconfig: string): Promise<Kubectl> {
  const program = await find();
  return (manifests) => apply(program, kubeconfig, manifests);
}

export async function kubectlVersion(): Promise<string> {
  const { stdout } = await promisify(execFile)(await find(), ["version", "--client"]);
  return /v\S+/.exec(stdout)?.[0] ?? stdout.trim();
}

const find = kubectlOfTests;

function apply(program: string, kubeconfig: string, manifests: string): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["--kubeconfig", kubeconfig, "apply", "--server-side", "--force-conflicts", "-f", "-"], { stdio: ["pipe", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (part: Buffer) => {
      said += part.toString("utf8");
    });
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve(performance.now() - started) : reject(new Error(`kubectl apply: ${said}`))));
    child.stdin.on("error", () => undefined);
    child.stdin.end(manifests);
  });
}
