import { spend } from "../../work.ts";
import { bytesOf } from "../go/bytes.ts";
import { STRING } from "../go/type.ts";
import { ARG, type GoFunction, goFunction } from "../template/functions.ts";
import { createRandomBytes } from "./chance/random-bytes.ts";
import { decryptAes, encryptAes } from "./crypto/aes.ts";
import { bcrypt } from "./crypto/bcrypt.ts";
import { derivePassword } from "./crypto/derive-password.ts";

const COST = 10;
const LONGEST_PASSWORD = 72;
/** Made to take long. */
const STEPS_OF_BCRYPT = 8_000_000;
const STEPS_OF_SCRYPT = 12_000_000;

/** sprig's functions of passwords and ciphers; salts and the like are drawn from the seed. Source: sprig crypto.go. */
export function createCryptoFunctions(seed: Uint8Array): ReadonlyMap<string, GoFunction> {
  const bytes = createRandomBytes(seed, "ciphers");

  const hashed = (password: string): string => {
    const secret = bytesOf(password);
    if (secret.length > LONGEST_PASSWORD) return `failed to encrypt string with bcrypt: bcrypt: password length exceeds ${LONGEST_PASSWORD} bytes`;
    spend(STEPS_OF_BCRYPT);
    return bcrypt(secret, bytes(16), COST);
  };

  return new Map<string, GoFunction>([
    ["bcrypt", goFunction([ARG.string], hashed, STRING)],
    [
      "htpasswd",
      goFunction([ARG.string, ARG.string], (user, password) => (user.includes(":") ? `invalid username: ${user}` : `${user}:${hashed(password)}`), STRING),
    ],
    [
      "derivePassword",
      goFunction(
        [ARG.uint32, ARG.string, ARG.string, ARG.string, ARG.string],
        (counter, kind, password, user, site) => {
          spend(STEPS_OF_SCRYPT);
          return derivePassword(counter, kind, password, user, site);
        },
        STRING,
      ),
    ],
    [
      "encryptAES",
      goFunction(
        [ARG.string, ARG.string],
        (password, text) => {
          spend(2 * text.length);
          return encryptAes(password, text, bytes(16));
        },
        STRING,
      ),
    ],
    [
      "decryptAES",
      goFunction(
        [ARG.string, ARG.string],
        (password, text) => {
          spend(2 * text.length);
          return decryptAes(password, text);
        },
        STRING,
      ),
    ],
  ]);
}
