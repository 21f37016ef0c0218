import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { mutationSuite } from "./suite.ts";
import { TAKEN_OVER } from "./take-over.ts";

const file = process.env.KUBECONFIG;
if (file === undefined) throw new Error("KUBECONFIG must name a kubeconfig file of a cluster to try the mutations on");

const suite = await mutationSuite(readFileSync(file, "utf8"), Number(process.env.MUTATION_SHARE ?? "1"));
const totals = { checks: 0, unchanged: 0, asked: 0, needless: 0 };

describe("decide says what the server's dry-run says", { concurrent: true }, () => {
  afterAll(async () => {
    console.log(`${totals.checks} checks: ${totals.unchanged} unchanged, ${totals.asked} asked, ${totals.needless} of them for nothing`);
    await suite.close();
  });

  it("has the whole corpus", () => expect(suite.cases).toHaveLength(60));

  it.each(suite.cases.map((one) => [one.name, one] as const))("%s", async (name, { run }) => {
    const { checks, unchanged, asked, needless, wrong } = await run();
    totals.checks += checks;
    totals.unchanged += unchanged;
    totals.asked += asked;
    totals.needless += needless.length;
    if (process.env.MUTATION_SHOW !== undefined)
      console.log(`${name}: ${checks} checks, ${needless.length} needless\n${needless.slice(0, Number(process.env.MUTATION_SHOW)).join("\n")}`);
    expect(wrong).toEqual([]);
    expect(checks).toBeGreaterThan(0);
  });

  it.each([false, true])("takes over what kubectl had set, our own apply first: %s", async (oursFirst) =>
    expect(await suite.takeOver(oursFirst)).toEqual(TAKEN_OVER));
});
