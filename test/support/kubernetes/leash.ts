import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";

export type Leashed = {
  /** Ends the process and waits until it is gone. */
  stop(): Promise<void>;
  /** Undefined while it runs; afterwards how it ended, with the last lines that it wrote. */
  end(): string | undefined;
};

/**
 * The shell between us and the process: it kills the process, and removes the folder, as soon as its standard input ends. That happens when we
 * say so, and also when this process dies in any way, SIGKILL included, so that nothing is ever left behind.
 */
const script = `
folder=$1; shift
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
( cat <&3 >/dev/null; kill -KILL $child 2>/dev/null; [ -z "$folder" ] || rm -rf "$folder" ) &
exec 3<&-
wait $child
`;

/** Starts `command` so that it cannot outlive this process. Its output goes to `log`; `folder` is removed when it ends with us. */
export function leash(command: readonly string[], options: { readonly log: string; readonly folder?: string }): Leashed {
  const log = openSync(options.log, "a");
  const shell = spawn("/bin/sh", ["-c", script, "leash", options.folder ?? "", ...command], { stdio: ["pipe", log, log], detached: true });
  closeSync(log);
  const hold = shell.stdin;
  hold?.on("error", () => undefined); // the shell may be gone before we let go
  let ended: string | undefined;
  const gone = new Promise<void>((resolve) => {
    const note = (how: string): void => {
      ended ??= `${command[0]} ${how}\n${lastLines(options.log)}`;
      resolve();
    };
    shell.once("error", (error) => note(error.message));
    shell.once("exit", (code, signal) => note(`ended with ${signal ?? code}`));
  });
  shell.unref(); // a test runner that forgets to stop should still end
  return {
    end: () => ended,
    stop: async () => {
      shell.ref();
      hold?.end();
      await gone;
    },
  };
}

function lastLines(path: string): string {
  try {
    return readFileSync(path, "utf8").split("\n").slice(-15).join("\n");
  } catch {
    return "";
  }
}
