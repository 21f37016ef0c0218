import { bytesOf, stringOf } from "../../go/bytes.ts";
import { STRING } from "../../go/type.ts";
import { ARG, type GoFunction, goFunction } from "../../template/functions.ts";
import { claimText } from "../limits.ts";
import { octetsOf } from "../text/octets.ts";
import { decodeBase32, encodeBase32 } from "./base32.ts";
import { type Decoded, decodeBase64, encodeBase64 } from "./base64.ts";
import { adler32, hexDigest } from "./checksums.ts";

const ofBytes = (make: (bytes: Uint8Array) => string): GoFunction =>
  goFunction(
    [ARG.string],
    (text) => {
      claimText(text.length);
      return make(bytesOf(text));
    },
    STRING,
  );

/** What is no such code is answered with the problem as text. */
const decoding = (decode: (text: string) => Decoded): GoFunction =>
  goFunction(
    [ARG.string],
    (text) => {
      claimText(text.length);
      const decoded = decode(octetsOf(text));
      return decoded.ok ? stringOf(decoded.bytes) : decoded.problem;
    },
    STRING,
  );

/** Functions of sprig's strings.go and crypto.go that make codes and sums of a text. */
export const ENCODING_FUNCTIONS: { readonly [name: string]: GoFunction } = {
  adler32sum: ofBytes(adler32),
  b32dec: decoding(decodeBase32),
  b32enc: ofBytes(encodeBase32),
  b64dec: decoding(decodeBase64),
  b64enc: ofBytes(encodeBase64),
  sha1sum: ofBytes((bytes) => hexDigest("sha1", bytes)),
  sha256sum: ofBytes((bytes) => hexDigest("sha256", bytes)),
  sha512sum: ofBytes((bytes) => hexDigest("sha512", bytes)),
};
