import { spawn } from "node:child_process";
import { expect, it } from "vitest";
import { startFrozenGuard } from "../../../support/lambda/frozen-guard.ts";

it("ends the stopped processes that it still has, and no other, when its owner is gone", async () => {
  const guard = startFrozenGuard();
  const processes = [1, 2, 3].map(() => spawn("/bin/sleep", ["60"], { stdio: "ignore" }));
  const ends = processes.map((one) => new Promise((resolve) => one.once("exit", (_, signal) => resolve(signal))));
  for (const { pid = 0 } of processes) {
    process.kill(pid, "SIGSTOP");
    guard.add(pid);
  }
  guard.remove(processes[1]?.pid ?? 0);
  await guard.close();
  expect(await Promise.all([ends[0], ends[2]])).toEqual(["SIGKILL", "SIGKILL"]);
  process.kill(processes[1]?.pid ?? 0, "SIGCONT");
  processes[1]?.kill("SIGTERM");
  expect(await ends[1]).toBe("SIGTERM");
});
