import { createHttp } from "@sluice/platform/http/http.ts";
import { publicAddressesAnd } from "@sluice/platform/http/public-addresses.ts";
import { describe, expect, it } from "vitest";

const isAllowed = publicAddressesAnd(["10.20.0.0/16", "fd12::/16"]);

/** CVE-2026-44936 (Fleet), CVE-2024-3817 and CVE-2026-4660 (go-getter): a server is told where to ask. */
describe("addresses that a function in Lambda connects to", () => {
  it.each([
    "8.8.8.8",
    "140.82.121.4",
    "2606:50c0:8000::153",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "10.20.1.1",
    "::ffff:10.20.3.3",
    "fd12::1",
  ])("%s", (address) => expect(isAllowed(address)).toBe(true));
  it.each([
    "10.21.1.1",
    "172.31.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",
    "127.0.0.1",
    "127.8.8.8",
    "169.254.169.254",
    "169.254.170.2",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:a9fe:a9fe",
    "::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001::1",
    "2130706433",
    "0177.0.0.1",
    "0x7f.1",
    "localhost",
    "",
  ])("not %j", (address) => expect(isAllowed(address)).toBe(false));
  it.each(["169.254.0.0/16", "127.0.0.0/8", "0.0.0.0/0", "::/0"])("not even by %s", (network) =>
    expect(["127.0.0.1", "::1", "169.254.169.254", "fd00:ec2::254"].filter(publicAddressesAnd([network]))).toEqual([]));
  it.each(["10.20.0.0", "x/8", "10.0.0.0/33", "10.0.0.0/-1"])("%s is no network", (network) =>
    expect(() => publicAddressesAnd([network])).toThrow(/not a network/));
});

describe("every way to write a host", () => {
  it.each([
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::1]/",
    "http://localhost/",

    "http://169.254.169.254/latest/meta-data/",
  ])("%s", async (url) => {
    const http = createHttp({ isAllowed });
    const answer = await http.send({ method: "GET", url, signal: AbortSignal.timeout(5000), maxBytes: 10 });
    http.close();
    expect(answer).toMatchObject({ kind: "silent", message: expect.stringMatching(/are not allowed/) });
  });
});
