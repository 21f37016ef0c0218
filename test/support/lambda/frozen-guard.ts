import { spawn } from "node:child_process";

/** Ends stopped processes should this one die: a process that is stopped cannot notice that by itself. */
export type FrozenGuard = { add(pid: number): void; remove(pid: number): void; close(): Promise<void> };

const script = `
pids=""
while read -r op pid; do
  case "$op" in
    add) pids="$pids $pid" ;;
    remove) rest=""; for one in $pids; do [ "$one" = "$pid" ] || rest="$rest $one"; done; pids=$rest ;;
  esac
done
[ -z "$pids" ] || kill -KILL $pids 2>/dev/null
`;

export function startFrozenGuard(): FrozenGuard {
  const shell = spawn("/bin/sh", ["-c", script], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  const gone = new Promise<void>((resolve) => {
    shell.once("exit", () => resolve());
    shell.once("error", () => resolve());
  });
  shell.unref();
  shell.stdin.on("error", () => undefined); // it is gone; nobody is left to tell
  if ("unref" in shell.stdin && typeof shell.stdin.unref === "function") shell.stdin.unref();
  return {
    add: (pid) => void shell.stdin.write(`add ${pid}\n`),
    remove: (pid) => void shell.stdin.write(`remove ${pid}\n`),
    close: async () => {
      shell.ref();
      shell.stdin.end();
      await gone;
    },
  };
}
