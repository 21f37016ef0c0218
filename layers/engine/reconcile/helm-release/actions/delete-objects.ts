import type { DeleteOptions } from "../../../ports/cluster.ts";
import { inParallel } from "../../in-parallel.ts";
import { kindByKind, type Resource } from "./resources.ts";
import type { Run } from "./run.ts";

/** Kind after kind, those of one kind side by side; what is refused holds up nothing. `gone`: there was none of them. Source: Helm 4, pkg/kube Client.Delete. */
export async function deleteObjects(
  run: Run,
  resources: readonly Resource[],
  propagation: DeleteOptions["propagation"],
): Promise<{ readonly problems: readonly string[]; readonly gone: boolean }> {
  const problems: string[] = [];
  let gone = true;
  for (const batch of kindByKind(resources)) {
    const answers = await inParallel(batch, run.deps.settings.parallel, ({ ref }) => run.cluster.delete(ref, { propagation }));
    for (const answer of answers) {
      if (answer.kind === "refused") problems.push(answer.message);
      if (answer.kind !== "absent") gone = false;
    }
  }
  return { problems, gone };
}
