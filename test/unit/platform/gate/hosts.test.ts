import { isAllowedServer, parseAllowedHosts } from "@sluice/platform/gate/hosts.ts";
import { describe, expect, it } from "vitest";

const ALLOWED = [".eu-central-1.eks.amazonaws.com", "10.0.0.7:6443", "api.example.com"];
const ID = "0123456789ABCDEF0123456789ABCDEF.gr7";

describe("a gate speaks to", () => {
  it.each<[server: string, allowed: boolean, why: string]>([
    [`https://${ID}.eu-central-1.eks.amazonaws.com`, true, "an endpoint of EKS"],
    [`https://${ID}.eu-central-1.eks.amazonaws.com/k8s`, true, "and below a path"],
    ["https://10.0.0.7:6443", true, "a host that is named, with its port"],
    ["https://api.example.com", true, "a host that is named"],
    [`http://${ID}.eu-central-1.eks.amazonaws.com`, false, "nobody without TLS"],
    [`https://${ID}.us-east-1.eks.amazonaws.com`, false, "no other region"],
    ["https://.eu-central-1.eks.amazonaws.com", false, "no bare suffix"],
    [`https://${ID}.eu-central-1.eks.amazonaws.com:8443`, false, "no other port of a suffix"],
    [`https://${ID}.eu-central-1.eks.amazonaws.com.example.com`, false, "nobody whose name only contains it"],
    ["https://eu-central-1.eks.amazonaws.com", false, "nobody whose name lacks the dot"],
    [`https://user:password@${ID}.eu-central-1.eks.amazonaws.com`, false, "no credentials in an address"],
    [`https://${ID}.eu-central-1.eks.amazonaws.com@169.254.169.254`, false, "nobody behind an @"],
    ["https://10.0.0.7", false, "no other port of a host"],
    ["https://10.0.0.8:6443", false, "no other host"],
    ["https://169.254.169.254", false, "not the metadata service"],
    ["https://127.0.0.1:9001", false, "not the runtime API"],
    ["https://[::ffff:10.0.0.7]:6443", false, "no other way to write it"],
    ["file:///etc/passwd", false, "no file"],
    ["nonsense", false, "nothing that is no address"],
  ])("%s: %s (%s)", (server, allowed) => expect(isAllowedServer(server, ALLOWED)).toBe(allowed));

  it("nobody without a list", () => expect(isAllowedServer(`https://${ID}.eu-central-1.eks.amazonaws.com`, [])).toBe(false));
});

describe("the list", () => {
  it("by comma, in lower case", () => expect(parseAllowedHosts(" .EKS.amazonaws.com, 127.0.0.1:6443,,")).toEqual([".eks.amazonaws.com", "127.0.0.1:6443"]));
  it.each([".com", ".", "*", "*.eks.amazonaws.com", ".eks.amazonaws.com:8443", "https://a.b", "a b.c", "localhost"])("%s is refused", (text) =>
    expect(() => parseAllowedHosts(text)).toThrow(/^expected a host, or a suffix/));
});
