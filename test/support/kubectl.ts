import { homedir } from "node:os";
import { join } from "node:path";
import { findKubectl } from "../../lib/local/kubectl/find-kubectl.ts";

/** The path of the kubectl that tests look at beside ours. */
export async function kubectlOfTests(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "sluice");
  const found = await findKubectl({ platform: process.platform, architecture: process.arch, path: process.env.PATH ?? "", cache });
  if (found === undefined) throw new Error("there is no kubectl to compare with: install kubectl 1.35, so that it is on PATH");
  return found;
}
