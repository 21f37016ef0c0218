import { afterAll, describe, expect, it } from "vitest";
import { createSandbox } from "../../../lib/local/sandbox/sandbox.ts";
import { mutationSuite } from "../../mutation/suite.ts";

const sandbox = await createSandbox({ nodes: false });
const suite = await mutationSuite(sandbox.kubeconfig(), 10);

/** A fixed tenth of what `npm run test:mutation` tries on a real API server. */
describe("decide says what the sandbox's dry-run says", { concurrent: true }, () => {
  afterAll(async () => {
    await suite.close();
    await sandbox.stop();
  });

  it.each(suite.cases.map((one) => [one.name, one] as const))("%s", async (_, { run }) => {
    const { checks, wrong } = await run();
    expect(wrong).toEqual([]);
    expect(checks).toBeGreaterThan(0);
  });
});
