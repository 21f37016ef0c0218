import type { ReleaseSecret } from "../../../release/secret.ts";
import { inStep, keepIfChanged, type PartEnd, type Run } from "./run.ts";

/** One step of an action's table. It ends, can be repeated, and never waits. */
export type Stage = { readonly name: string; readonly run: (secret: ReleaseSecret) => Promise<PartEnd> };

/** From the step that the revision is in to the end, or to the first that has to wait. What has to wait is stored; what does not is not, and is repeated after a kill. */
export async function runStages(run: Run, stages: readonly Stage[], from: ReleaseSecret): Promise<PartEnd> {
  const first = stages.findIndex(({ name }) => name === from.progress?.step);
  let secret = from;
  for (const stage of stages.slice(Math.max(first, 0))) {
    if (secret.progress?.step !== stage.name) secret = inStep(run, secret, stage.name);
    const end = await stage.run(secret);
    if (end.kind === "waiting") return { kind: "waiting", secret: await keepIfChanged(run, end.secret) };
    if (end.kind === "failed") return end;
    secret = end.secret;
  }
  return { kind: "done", secret };
}

export const done = (secret: ReleaseSecret): PartEnd => ({ kind: "done", secret });
