import { createPublicKey, verify } from "node:crypto";
import { parseNatsSeed } from "@sluice/platform/notifications/nats/nkey.ts";
import { describe, expect, it } from "vitest";

/** A pair out of NATS' own documentation ("NKeys", server configuration). */
const SEED = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";
const PUBLIC = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** The key within `U…`: without its prefix and checksum. */
function rawKey(text: string): Buffer {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))).subarray(1, 33);
}

describe("parseNatsSeed", () => {
  it("knows the public key of a seed", () => {
    const key = parseNatsSeed(`${SEED}\n`);
    expect(key.ok && key.value.publicKey).toBe(PUBLIC);
  });

  it("signs what the server says, by Ed25519 and as base64url", () => {
    const key = parseNatsSeed(SEED);
    const signature = key.ok ? key.value.sign("nonce-1") : "";
    const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: rawKey(PUBLIC).toString("base64url") }, format: "jwk" });
    expect(signature).toMatch(/^[\w-]{86}$/);
    expect(verify(null, Buffer.from("nonce-1"), publicKey, Buffer.from(signature, "base64url"))).toBe(true);
    expect(verify(null, Buffer.from("nonce-2"), publicKey, Buffer.from(signature, "base64url"))).toBe(false);
  });

  it.each<{ why: string; text: string; want: string }>([
    { why: "a letter is another", text: SEED.replace("HUDX", "HUDY"), want: "nkeys: invalid checksum" },
    { why: "it is a public key", text: PUBLIC, want: "nkeys: invalid seed" },
    { why: "it is cut off", text: SEED.slice(0, -6), want: "nkeys: invalid seed" },
    { why: "it is empty", text: "", want: "nkeys: invalid seed" },
    { why: "it is not base32", text: `${SEED.slice(0, -1)}1`, want: "nkeys: invalid encoding of a seed" },
  ])("is a problem when $why, and does not show it", ({ text, want }) => expect(parseNatsSeed(text)).toEqual({ ok: false, problem: want }));
});
