import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { AwsProblem } from "../answer.ts";

export type Checksum = { readonly algorithm: Algorithm; readonly value: string };
export type Algorithm = "crc32" | "crc32c" | "crc64nvme" | "sha1" | "sha256";

const CRC32C = table(0x82f63b78n);
const CRC64NVME = table(0x9a6c9329ac4bc9b5n);

/** Base64 of the big-endian checksum, as S3 writes it. Source: S3 User Guide, "Checking object integrity". */
const COMPUTE: Readonly<Record<Algorithm, (bytes: Uint8Array) => string>> = {
  crc32: (bytes) => base64(BigInt(crc32(bytes)), 4),
  crc32c: (bytes) => base64(reflected(CRC32C, 32, bytes), 4),
  crc64nvme: (bytes) => base64(reflected(CRC64NVME, 64, bytes), 8),
  sha1: (bytes) => createHash("sha1").update(bytes).digest("base64"),
  sha256: (bytes) => createHash("sha256").update(bytes).digest("base64"),
};
const ALGORITHMS: readonly Algorithm[] = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"];

/**
 * The checksum that the sender gave, held against the bytes; CRC64NVME, made by S3, when there is none.
 * Throws BadDigest when one does not fit, InvalidRequest for what is no checksum.
 */
export function checkChecksums(headers: Readonly<Record<string, string>>, bytes: Uint8Array): Checksum {
  const md5 = headers["content-md5"];
  if (md5 !== undefined && md5 !== createHash("md5").update(bytes).digest("base64")) {
    throw new AwsProblem("BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
  const given = ALGORITHMS.flatMap((algorithm) => {
    const value = headers[`x-amz-checksum-${algorithm}`];
    return value === undefined ? [] : [{ algorithm, value }];
  });
  const [only, second] = given;
  if (second !== undefined) throw new AwsProblem("InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  if (only === undefined) return { algorithm: "crc64nvme", value: COMPUTE.crc64nvme(bytes) };
  const wanted = COMPUTE[only.algorithm](bytes);
  if (wanted.length !== only.value.length) throw new AwsProblem("InvalidRequest", `Value for x-amz-checksum-${only.algorithm} header is invalid.`);
  if (wanted !== only.value) throw new AwsProblem("BadDigest", `The ${only.algorithm.toUpperCase()} you specified did not match the calculated checksum.`);
  return only;
}

type Table = { readonly high: Uint32Array; readonly low: Uint32Array };

/** The 256 steps of a reflected CRC, in halves: numbers of JavaScript hold 53 bits, and BigInt takes seconds for an artifact. */
function table(polynomial: bigint): Table {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let index = 0; index < 256; index += 1) {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    high[index] = Number(value >> 32n);
    low[index] = Number(value & 0xffffffffn);
  }
  return { high, low };
}

function reflected(steps: Table, bits: 32 | 64, bytes: Uint8Array): bigint {
  const ones = 0xffffffff;
  let high = bits === 64 ? ones : 0;
  let low = ones;
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (steps.low[index] ?? 0);
    high = (high >>> 8) ^ (steps.high[index] ?? 0);
  }
  const lowPart = BigInt((low ^ ones) >>> 0);
  return bits === 32 ? lowPart : (BigInt((high ^ ones) >>> 0) << 32n) | lowPart;
}

function base64(value: bigint, bytes: number): string {
  return Buffer.from(value.toString(16).padStart(bytes * 2, "0"), "hex").toString("base64");
}
