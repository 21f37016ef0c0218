import { CLIENT_OPTIONS } from "@sluice/platform/aws/client-options.ts";
import { PAUSE_MS } from "@sluice/platform/aws/kept.ts";
import { createEksConnections, type EksCluster, type EksConnections, type EksConnectionsOptions } from "@sluice/platform/eks/connection.ts";
import type { Connection } from "@sluice/platform/kubernetes/connection.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVirtualClock, type VirtualClock } from "../../../support/aws/clock.ts";
import { createAws, type FakeAws } from "../../../support/aws/create-aws.ts";
import type { Effect } from "../../../support/aws/faults.ts";

const MINUTE = 60_000;
const APPLY = "arn:aws:iam::000000000000:role/apply";
const OTHER = "arn:aws:iam::111111111111:role/sluice";
const HOME: EksCluster = { name: "prod", region: "eu-central-1" };
const AWAY: EksCluster = { name: "away", eksName: "prod", region: "eu-west-1", roleArn: OTHER };
const AWAY_PLACE = { account: "111111111111", region: "eu-west-1" };
const SERVER = { name: "prod", endpoint: "https://one.example.com", certificateAuthority: "-----BEGIN CERTIFICATE-----\none\n" };
const MOVED = { ...SERVER, endpoint: "https://two.example.com", certificateAuthority: "-----BEGIN CERTIFICATE-----\ntwo\n" };

let clock: VirtualClock;
let aws: FakeAws;
let connections: EksConnections;
beforeEach(async () => {
  clock = createVirtualClock();
  aws = await createAws({ clock });
  aws.eks.putCluster(SERVER);
  aws.eks.allow("prod", APPLY, { groups: ["apply"] });
  aws.eks.putCluster({ ...SERVER, endpoint: "https://away.example.com" }, AWAY_PLACE);
  aws.eks.allow("prod", OTHER, { groups: ["away"] }, AWAY_PLACE);
  connections = create();
});
afterEach(() => aws.stop());

const create = (options: Partial<EksConnectionsOptions> = {}): EksConnections =>
  createEksConnections({
    now: clock.now,
    clients: { ...aws.client, credentials: aws.credentialsOf(APPLY, "function", 12 * 3600), maxAttempts: 1 },
    ...options,
  });
const token = async ({ token }: Connection, renew = false): Promise<string> => (await token?.(renew)) ?? "";
const described = () => aws.calls.all("eks", "DescribeCluster");
const fault = (service: string, effect: Effect): (() => void) => aws.faults.add({ service, effect });
const SILENT: Effect = { kind: "fail", status: 500, code: "ServerException" };

describe("where a cluster is", () => {
  it("is what EKS says, with a token of our role that is good for that cluster only", async () => {
    const connection = await create({ userAgent: "sluice" }).open(HOME);
    expect(connection).toEqual({
      server: "https://one.example.com",
      certificateAuthority: SERVER.certificateAuthority,
      userAgent: "sluice",
      token: expect.any(Function),
    });
    expect(aws.authenticateToken(await token(connection), "prod")?.groups).toEqual(["apply"]);
    aws.eks.putCluster({ ...SERVER, name: "dev" });
    aws.eks.allow("dev", APPLY, {});
    expect(aws.authenticateToken(await token(connection), "dev")).toBeUndefined();
  });

  it("is asked once in a quarter of an hour, once for all who ask at the same time", async () => {
    const [first, ...others] = await Promise.all([HOME, HOME, HOME].map(connections.open));
    await clock.advance(15 * MINUTE - 1);
    for (const other of [...others, await connections.open(HOME)]) expect(other).toBe(first);
    expect(described()).toHaveLength(1);
    await clock.advance(1);
    expect(await connections.open(HOME)).toBe(first);
    expect(described()).toHaveLength(2);
  });

  it("is asked anew when the cluster did not answer, which may have been made anew; but not each time", async () => {
    const before = await connections.open(HOME);
    aws.eks.recreateCluster(MOVED);
    connections.forget("prod");
    expect(await connections.open(HOME)).toBe(before);
    await clock.advance(PAUSE_MS);
    const after = await connections.open(HOME);
    expect(after).toMatchObject({ server: "https://two.example.com", certificateAuthority: MOVED.certificateAuthority });
    for (let run = 0; run < 10; run++) {
      connections.forget("prod");
      expect(await connections.open(HOME)).toBe(after);
    }
    expect(described()).toHaveLength(2);
  });

  it("may be forgotten of a cluster that nobody asked about", () => connections.forget("unknown"));

  it.each<{ what: string; effect: Effect }>([
    { what: "fails", effect: SILENT },
    { what: "throttles", effect: { kind: "throttle" } },
    { what: "breaks off", effect: { kind: "drop", when: "before" } },
  ])("is what it was while EKS $what", async ({ effect }) => {
    const before = await connections.open(HOME);
    fault("eks", effect);
    await clock.advance(20 * MINUTE);
    expect(await connections.open(HOME)).toBe(before);
  });

  it.each<{ what: string; cluster: EksCluster; before?: () => void; want: string }>([
    { what: "EKS knows no such cluster", cluster: { ...HOME, name: "none" }, want: "No cluster found for name: none." },
    {
      what: "it is being made",
      cluster: HOME,
      before: () => void fault("eks", { kind: "lie", answer: (truth) => ({ ...truth, body: '{"cluster":{"name":"prod","status":"CREATING"}}' }) }),
      want: "cluster prod has no API server yet: its status is CREATING",
    },
    { what: "nobody answers", cluster: HOME, before: () => void fault("eks", SILENT), want: "ServerException" },
    { what: "the role may not be assumed", cluster: AWAY, before: () => aws.sts.refuse(OTHER), want: "is not authorized to perform: sts:AssumeRole" },
  ])("is unknown when $what", async ({ cluster, before, want }) => {
    before?.();
    await expect(connections.open(cluster)).rejects.toThrow(want);
  });
});

describe("a cluster of another account", () => {
  it("is reached as the role that is assumed, by the name that EKS has for it, in its region", async () => {
    const connection = await connections.open(AWAY);
    expect(connection.server).toBe("https://away.example.com");
    expect(described().map(({ region, caller, input }) => `${region} ${caller} ${input["clusterName"]}`)).toEqual([
      "eu-west-1 arn:aws:sts::111111111111:assumed-role/sluice/sluice prod",
    ]);
    expect(aws.authenticateToken(await token(connection), "prod", AWAY_PLACE)?.groups).toEqual(["away"]);
    // Our own role's token stays our own.
    expect(aws.authenticateToken(await token(await connections.open(HOME)), "prod")?.groups).toEqual(["apply"]);
  });

  const assumed = () => aws.calls.count("sts", "AssumeRole");
  it("shares a role's session with others, until shortly before it ends", async () => {
    const two = [AWAY, { ...AWAY, name: "away-2" }];
    for (const [after, sessions] of [
      [0, 1],
      [55 * MINUTE - 1, 1],
      [4 * MINUTE, 1],
      [1, 2],
    ] as const) {
      await clock.advance(after);
      for (const connection of await Promise.all(two.map(connections.open)))
        expect(aws.authenticateToken(await token(connection), "prod", AWAY_PLACE)).toBeDefined();
      expect(assumed()).toBe(sessions);
    }
  });

  it("is reached with the session that there is while STS does not answer, as long as it lasts", async () => {
    const connection = await connections.open(AWAY);
    const end = fault("sts", SILENT);
    await clock.advance(57 * MINUTE);
    expect(aws.authenticateToken(await token(connection, true), "prod", AWAY_PLACE)).toBeDefined();
    await clock.advance(4 * MINUTE);
    await expect(token(connection, true)).rejects.toThrow();
    end();
    expect(aws.authenticateToken(await token(connection), "prod", AWAY_PLACE)).toBeDefined();
  });

  it("is reached with a new session when the API server refuses the old one's token", async () => {
    const connection = await connections.open(AWAY);
    await token(connection);
    await clock.advance(PAUSE_MS);
    await token(connection, true);
    expect(assumed()).toBe(2);
  });

  it("sees a session's name that STS takes", async () => {
    await create({ sessionName: `sluice ${"ä".repeat(100)}` }).open(AWAY);
    expect(aws.calls.all("sts", "AssumeRole").map(({ input }) => input["RoleSessionName"])).toEqual([`sluice-${"-".repeat(57)}`]);
  });
});

describe("a token", () => {
  it("is used for fourteen minutes, which is as long as a server takes it, and a minute less", async () => {
    const connection = await connections.open(HOME);
    const first = await token(connection);
    await clock.advance(14 * MINUTE - 1);
    expect(await token(connection)).toBe(first);
    expect(aws.authenticateToken(first, "prod")).toBeDefined();
    await clock.advance(1);
    const second = await token(connection);
    expect(second).not.toBe(first);
    await clock.advance(2 * MINUTE);
    expect(aws.authenticateToken(first, "prod")).toBeUndefined();
    expect(aws.authenticateToken(second, "prod")).toBeDefined();
  });

  it("is made anew when the server refused it", async () => {
    const connection = await connections.open(HOME);
    const first = await token(connection);
    await clock.advance(1_000);
    expect(await token(connection, true)).not.toBe(first);
  });

  it("is one for all requests that need it at the same time", async () => {
    const connection = await connections.open(HOME);
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => token(connection)))).size).toBe(1);
  });

  it("does not outlive the session that it was made of", async () => {
    const connection = await connections.open(AWAY);
    const end = fault("sts", SILENT);
    await clock.advance(57 * MINUTE);
    const first = await token(connection);
    end();
    await clock.advance(2 * MINUTE - 1);
    expect(await token(connection)).toBe(first);
    await clock.advance(1);
    expect(await token(connection)).not.toBe(first);
  });

  it.each([-60, 60])("is signed by the time of EKS when our clock is %i minutes off", async (minutes) => {
    // The Date of an answer is held against the machine's clock.
    fault("eks", {
      kind: "lie",
      answer: (truth) => ({ ...truth, headers: { ...truth.headers, date: new Date(Date.now() + minutes * MINUTE).toUTCString() } }),
    });
    const url = Buffer.from((await token(await connections.open(HOME))).replace("k8s-aws-v1.", ""), "base64url").toString();
    const signed = /X-Amz-Date=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/.exec(url)?.slice(1) ?? [];
    const [year = "", month = "", day = "", hour = "", minute = ""] = signed;
    const off = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`) - clock.now();
    expect(Math.round(off / MINUTE / 10) * 10).toBe(minutes);
  });
});

describe("the clients", () => {
  it("try again as all of ours do", async () => {
    const usual = createEksConnections({ now: clock.now, clients: { ...aws.client, credentials: aws.credentialsOf(APPLY) } });
    aws.faults.add({ service: "eks", times: 2, effect: { kind: "throttle" } });
    expect((await usual.open(HOME)).server).toBe(SERVER.endpoint);
    expect(described()).toHaveLength(3);
    expect(CLIENT_OPTIONS.maxAttempts).toBeGreaterThan(3);
  });
});
