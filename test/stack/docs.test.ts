import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CONTEXT_KEYS } from "../../lib/stack/stack-config.ts";
import { CLUSTERS, FULL, flat, PRIVATE, synthesize } from "./synthesize.ts";

const page = readFileSync(new URL("../../docs/aws.md", import.meta.url), "utf8");
const { main } = synthesize(FULL);

describe("docs/aws.md", () => {
  const known = [
    ...CLUSTERS.map(({ name }) => [name, "<cluster>"] as const),
    ...["webhook", "source", "apply", "sweep", "relay", "notify", "receiver", "gate inside"].map((name) => [name, "<function>"] as const),
  ];
  const names = main.ofType("AWS::CloudWatch::Alarm").map(({ Properties }) => Properties.AlarmName.slice("sluice ".length));
  it.each(names)("has alarm %s", (name) => {
    const general = known.map(([own, any]) => (name.startsWith(`${own} `) ? name.replace(own, any) : name));
    expect([name, ...general].some((text) => page.includes(`\`${text}\``))).toBe(true);
  });
  it.each(CONTEXT_KEYS)("has setting %s", (key) => expect(page).toContain(`\`${key}\``));
  it.each(Object.keys(main.outputs).map((name) => name.replace(/\d+$/, "<n>")))("has output %s", (name) => expect(page).toContain(`\`${name}\``));
  it("has the commands for a cluster of another account as the output has them", () => {
    const roleArn = "arn:aws:iam::210987654321:role/sluice";
    const { main: one } = synthesize({ clusters: ["prod", "tenants", "us", { name: "partner", region: "eu-west-1", roleArn }] });
    const printed = flat(one.outputs["CommandsFor3"].Value).replaceAll("<AWS::Partition>", "aws").replaceAll("<AWS::AccountId>", "123456789012");
    expect(/^```sh commands-for-partner\n(.*?)\n```$/ms.exec(page)?.[1]).toBe(printed);
  });
  it.each([
    "SourceQueueDeadLetters",
    "ApplyQueueDeadLetters",
    "SweepQueueDeadLetters",
    "LaterQueueDeadLetters",
    "DeliveryQueueDeadLetters",
    "UnheardEventsQueue",
    "MissedTicksQueue",
  ])("%s, by which the page finds a dead-letter queue, begins the id of one queue and of no other", (name) => {
    expect(page).toContain(name);
    expect(main.ofType("AWS::SQS::Queue").filter(({ id }) => id.startsWith(name))).toHaveLength(1);
  });
  it("says how many resources a cluster takes", () => {
    const count = (clusters: unknown): number => synthesize({ clusters }).main.resources.length;
    const [base, one] = [count("a"), count("a,b")];
    const inside = count(["a", { name: "b", private: { ...PRIVATE, routeTableIds: [] } }]);
    expect(page).toContain(`a cluster takes ${one - base}, ${inside - base} when it is private`);
  });
});
