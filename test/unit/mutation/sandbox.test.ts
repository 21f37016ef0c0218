import { afterAll, describe, expect, it } from "vitest";
import { createSandbox } from "../../../lib/local/sandbox/sandbox.ts";
import { mutationSuite } from "../../mutation/suite.ts";
import { TAKEN_OVER } from "../../mutation/take-over.ts";

const sandbox = await createSandbox({ nodes: false });
const suite = await mutationSuite(sandbox.kubeconfig(), 10);

/** A fixed tenth of what `npm run test:mutation` tries on a real API server. */
describe("decide says what the sandbox's dry-run says", { concurrent: true }, () => {
  afterAll(async () => {
    await suite.close();
    await sandbox.stop();
  });

  it("has the whole corpus", () => expect(suite.cases).toHaveLength(60));

  it.each(suite.cases.map((one) => [one.name, one] as const))("%s", async (_, { run }) => {
    const { checks, wrong } = await run();
    expect(wrong).toEqual([]);
    expect(checks).toBeGreaterThan(0);
  });

  it.each([false, true])("takes over what kubectl had set, our own apply first: %s", async (oursFirst) =>
    expect(await suite.takeOver(oursFirst)).toEqual(TAKEN_OVER));
});
