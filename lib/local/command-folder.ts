import { chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shellWord } from "./shell-word.ts";

/**
 * A folder with the commands `sluice` and, where one was found, `kubectl`, to be put at the end of PATH: what `npm start` prints to be copied then
 * works in any folder. `home` is the folder whose log `sluice logs` reads.
 */
export async function makeCommandFolder(
  folder: string,
  commands: { readonly kubectl: string | undefined; readonly sluice: readonly string[]; readonly home: string },
): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  if (commands.kubectl !== undefined) await symlink(commands.kubectl, join(folder, "kubectl"));
  await writeFile(
    join(folder, "sluice"),
    `#!/bin/sh\nSLUICE_DIR=\${SLUICE_DIR:-${shellWord(commands.home)}} exec ${commands.sluice.map(shellWord).join(" ")} "$@"\n`,
  );
  await chmod(join(folder, "sluice"), 0o755);
  return folder;
}
