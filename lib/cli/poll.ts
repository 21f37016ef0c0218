import { ms } from "@sluice/engine/domain/time.ts";
import { POLL_INTERVAL_MS } from "../config.ts";
import type { Cli, Settings } from "./cli.ts";
import { Failure } from "./failure.ts";

/** Looks every two seconds until `look` has an answer. Throws a Failure when the time given by `--timeout` is over, in the `flux` command's words. */
export async function poll<Answer>(cli: Cli, { timeout }: Pick<Settings, "timeout">, look: () => Promise<Answer | undefined>): Promise<Answer> {
  const deadline = cli.clock.now() + timeout;
  for (;;) {
    const answer = await look();
    if (answer !== undefined) return answer;
    const rest = deadline - cli.clock.now();
    if (rest <= 0) throw new Failure("context deadline exceeded");
    await cli.clock.sleep(ms(Math.min(POLL_INTERVAL_MS, rest)));
    if (cli.signal.aborted) throw new Failure("context canceled");
  }
}
