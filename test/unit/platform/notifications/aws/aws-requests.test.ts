import { createAwsRequests } from "@sluice/platform/notifications/aws/aws-requests.ts";
import { expect, it } from "vitest";
import { createVirtualClock } from "../../../../support/aws/clock.ts";
import { createAws } from "../../../../support/aws/create-aws.ts";

it("asks each service in each region by a client of its own, in ours without one, and tries once more", async () => {
  const aws = await createAws({ clock: createVirtualClock(), region: "eu-west-3" });
  const requests = createAwsRequests(aws.client);
  try {
    const put = { method: "POST", path: "/", headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSEvents.PutEvents" } } as const;
    const body = JSON.stringify({ Entries: [{ Source: "s", DetailType: "t", Detail: "{}" }] });
    aws.faults.add({ service: "events", effect: { kind: "drop", when: "before" }, times: 1 });
    await requests("events", "").send({ ...put, body });
    await requests("events", "eu-west-1").send({ ...put, body });
    expect(requests("events", "eu-west-1")).toBe(requests("events", "eu-west-1"));
    expect(requests("events", "eu-west-1")).not.toBe(requests("sqs", "eu-west-1"));
    expect(aws.calls.writes("events").map(({ region }) => region)).toEqual(["eu-west-3", "eu-west-3", "eu-west-1"]);
  } finally {
    requests.close();
    await aws.stop();
  }
});
