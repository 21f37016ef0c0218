import type { ReleaseSecret } from "../../../release/secret.ts";
import { keepOther, type Run, StorageProblem, withRelease } from "./run.ts";

/** Another revision than the one that is worked on, which takes its place. Its description stays. */
export const supersede = (run: Run, secret: ReleaseSecret): Promise<void> =>
  keepOther(run, withRelease(secret, { ...secret.release, info: { ...secret.release.info, status: "superseded" } }));

/** All that are deployed, however many there are. The revision that is worked on is pending. */
export async function supersedeDeployed(run: Run): Promise<void> {
  const deployed = await run.storage.list("deployed");
  if (deployed.kind === "failed") throw new StorageProblem(deployed.message);
  for (const secret of deployed.secrets) await supersede(run, secret);
}
