import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CONTEXT_KEYS } from "../../lib/stack/stack-config.ts";
import { CLUSTERS, FULL, PRIVATE, synthesize } from "./synthesize.ts";

const page = readFileSync(new URL("../../docs/aws.md", import.meta.url), "utf8");
const { main } = synthesize(FULL);

describe("docs/aws.md", () => {
  const known = [
    ...CLUSTERS.map(({ name }) => [name, "<cluster>"] as const),
    ...["webhook", "source", "apply", "sweep", "relay", "notify", "gate inside"].map((name) => [name, "<function>"] as const),
  ];
  const names = main.ofType("AWS::CloudWatch::Alarm").map(({ Properties }) => Properties.AlarmName.slice("sluice ".length));
  it.each(names)("has alarm %s", (name) => {
    const general = known.map(([own, any]) => (name.startsWith(`${own} `) ? name.replace(own, any) : name));
    expect([name, ...general].some((text) => page.includes(`\`${text}\``))).toBe(true);
  });
  it.each(CONTEXT_KEYS)("has setting %s", (key) => expect(page).toContain(`\`${key}\``));
  it.each(Object.keys(main.outputs).map((name) => name.replace(/\d+$/, "<n>")))("has output %s", (name) => expect(page).toContain(`\`${name}\``));
  it("says how many resources a cluster takes", () => {
    const count = (clusters: unknown): number => synthesize({ clusters }).main.resources.length;
    const [base, one] = [count("a"), count("a,b")];
    const inside = count(["a", { name: "b", private: { ...PRIVATE, routeTableIds: [] } }]);
    expect(page).toContain(`a cluster takes ${one - base}, ${inside - base} when it is private`);
  });
});
