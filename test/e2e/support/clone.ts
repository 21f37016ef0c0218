import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "./dev.ts";
import { must } from "./shell.ts";

const WHO = { GIT_AUTHOR_NAME: "me", GIT_AUTHOR_EMAIL: "me@localhost", GIT_COMMITTER_NAME: "me", GIT_COMMITTER_EMAIL: "me@localhost" };

/** A clone in which one works and pushes as a person does. */
export type Clone = {
  write(path: string, text: string): Promise<void>;
  edit(path: string, change: (text: string) => string): Promise<void>;
  run(line: string): Promise<string>;
  /** Commits all there is, after taking what others pushed, and pushes it. */
  push(message: string): Promise<void>;
  dispose(): Promise<void>;
};

export async function cloneOf(url: string): Promise<Clone> {
  const folder = await temporaryFolder();
  const run = (line: string): Promise<string> => must(`cd '${folder}' && ${line}`, WHO);
  const write = (path: string, text: string): Promise<void> => writeFile(join(folder, path), text);
  await run(`git clone -q '${url}' .`);
  return {
    write,
    edit: async (path, change) => write(path, change(await readFile(join(folder, path), "utf8"))),
    run,
    push: async (message) => void (await run(`git add -A && git commit -q -m '${message}' && git pull -q --rebase && git push -q`)),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
