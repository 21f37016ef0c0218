import { homedir } from "node:os";
import { join } from "node:path";
import { unpackFromLayer } from "../../lib/local/kubectl/unpack-from-layer.ts";

/** The path of the real helm (4.1.4) that tests look at beside ours; undefined where it does not run: it is for Linux on x86-64. */
export async function helmOfTests(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  return unpackFromLayer("helm", join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "sluice"));
}
