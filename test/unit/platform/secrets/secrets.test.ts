import { inspect } from "node:util";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CLIENT_OPTIONS } from "@sluice/platform/aws/client-options.ts";
import { PAUSE_MS } from "@sluice/platform/aws/kept.ts";
import { createSecretCache, type SecretCache } from "@sluice/platform/secrets/secrets.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVirtualClock, type VirtualClock } from "../../../support/aws/clock.ts";
import { createAws, type FakeAws } from "../../../support/aws/create-aws.ts";
import type { Effect } from "../../../support/aws/faults.ts";

const MINUTE = 60_000;
let clock: VirtualClock;
let aws: FakeAws;
let client: SecretsManagerClient;
let cache: SecretCache;
beforeEach(async () => {
  clock = createVirtualClock();
  aws = await createAws({ clock });
  client = new SecretsManagerClient({ ...CLIENT_OPTIONS, maxAttempts: 1, ...aws.client });
  cache = createSecretCache({ client, now: clock.now });
});
afterEach(async () => {
  client.destroy();
  await aws.stop();
});
const live = async (arn: string) => (await cache.live(arn)).map((secret) => secret.reveal());
const refresh = async (arn: string) => (await cache.refresh(arn)).map((secret) => secret.reveal());
const asked = () => aws.calls.count("secretsmanager", "GetSecretValue");

describe("createSecretCache", () => {
  it("has one live value until the secret is rotated, then two", async () => {
    const arn = aws.secrets.put("webhook", "a");
    expect(await live(arn)).toEqual(["a"]);
    aws.secrets.put("webhook", "b");
    await clock.advance(5 * MINUTE);
    expect(await live(arn)).toEqual(["b", "a"]);
    aws.secrets.put("webhook", "c");
    await clock.advance(5 * MINUTE);
    expect(await live(arn)).toEqual(["c", "b"]);
  });

  it("says a value once that was rotated to itself", async () => {
    const arn = aws.secrets.put("webhook", "a");
    aws.secrets.put("webhook", "a");
    expect(await live(arn)).toEqual(["a"]);
  });

  it("asks once in five minutes, once for all who ask at the same time, and for each secret by itself", async () => {
    const [one, two] = [aws.secrets.put("one", "1"), aws.secrets.put("two", "2")];
    await Promise.all([live(one), live(one), refresh(one), live(one)]);
    expect(asked()).toBe(2); // the current and the previous value
    await clock.advance(5 * MINUTE - 1);
    await live(one);
    expect(asked()).toBe(2);
    expect(await live(two)).toEqual(["2"]);
    expect(asked()).toBe(4);
  });

  it("finds a new value when a signature fits none, but cannot be made to ask for each forged one", async () => {
    const arn = aws.secrets.put("webhook", "a");
    await live(arn);
    aws.secrets.put("webhook", "b");
    await clock.advance(PAUSE_MS);
    expect(await refresh(arn)).toEqual(["b", "a"]);
    expect(asked()).toBe(4);
    for (let forged = 0; forged < 100; forged++) await refresh(arn);
    expect(asked()).toBe(4);
    await clock.advance(PAUSE_MS);
    await Promise.all(Array.from({ length: 100 }, () => refresh(arn)));
    expect(asked()).toBe(6);
  });

  it.each<{ what: string; effect: Effect }>([
    { what: "fails", effect: { kind: "fail", status: 500, code: "InternalServiceError" } },
    { what: "throttles", effect: { kind: "throttle" } },
    { what: "breaks off", effect: { kind: "drop", when: "before" } },
  ])("uses on what it knows while Secrets Manager $what", async ({ effect }) => {
    const arn = aws.secrets.put("webhook", "a");
    await live(arn);
    const end = aws.faults.add({ service: "secretsmanager", effect });
    await clock.advance(24 * 60 * MINUTE);
    expect(await live(arn)).toEqual(["a"]);
    expect(await refresh(arn)).toEqual(["a"]);
    end();
    aws.secrets.put("webhook", "b");
    await clock.advance(PAUSE_MS);
    expect(await live(arn)).toEqual(["b", "a"]);
  });

  it.each<{ what: string; effect: Effect }>([
    { what: "it may not be read", effect: { kind: "fail", status: 400, code: "AccessDeniedException", message: "not allowed" } },
    { what: "it is being deleted", effect: { kind: "fail", status: 400, code: "InvalidRequestException", message: "marked for deletion" } },
  ])("does not use on a secret of which it is said that $what", async ({ effect }) => {
    const arn = aws.secrets.put("webhook", "a");
    await live(arn);
    aws.faults.add({ service: "secretsmanager", effect });
    await clock.advance(5 * MINUTE);
    await expect(live(arn)).rejects.toThrow();
  });

  it.each<{ what: string; put: (() => string) | string; want: string }>([
    { what: "there is none", put: "arn:aws:secretsmanager:eu-central-1:000000000000:secret:none-abcdef", want: "can't find" },
    { what: "it is empty", put: () => aws.secrets.put("webhook", ""), want: "has no text as its current value" },
  ])("throws when $what", async ({ put, want }) => expect(live(typeof put === "string" ? put : put())).rejects.toThrow(want));

  it("throws when nobody answers and it knows nothing, and asks again at once", async () => {
    const arn = aws.secrets.put("webhook", "a");
    const end = aws.faults.add({ service: "secretsmanager", effect: { kind: "fail", status: 500, code: "InternalServiceError" } });
    await expect(live(arn)).rejects.toThrow();
    end();
    expect(await live(arn)).toEqual(["a"]);
  });

  it("shows no value to whoever prints what it gives", async () => {
    const values = await cache.live(aws.secrets.put("webhook", "canary"));
    expect(`${inspect(values)} ${JSON.stringify(values)} ${values}`).not.toContain("canary");
  });
});
