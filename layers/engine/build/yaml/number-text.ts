const DECIMAL = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
/** What Go's ParseFloat takes and begins with a point: underscores stand between digits. */
const POINT_FIRST = /^\.[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9](?:_?[0-9])*)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]([0-7]+)|0([0-7]+)|(0|[1-9][0-9]*))$/;
/** go-yaml cuts `0b` and `0o` off itself, too, and then takes a further sign. */
const SIGN_INSIDE = /^0(?:b([-+][01]+)|o([-+][0-7]+))$/;

const MAX_UINT64 = 2n ** 64n - 1n;
const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/**
 * The number that a text without quotes means: an integer of 64 bits, exactly, as `bigint` where a number of JavaScript would round it; a fraction as
 * a number. Undefined when it is text. Source: go-yaml resolve.go, Go strconv.ParseInt (base 0) and ParseFloat.
 */
export function readNumber(
  text: string,
): { readonly kind: "integer"; readonly value: number | bigint } | { readonly kind: "fraction"; readonly value: number } | undefined {
  if (text.startsWith(".")) return POINT_FIRST.test(text) ? fraction(text.replaceAll("_", "")) : undefined;
  const digits = text.includes("_") ? text.replaceAll("_", "") : text;
  const whole = readInteger(digits);
  if (whole !== undefined) return { kind: "integer", value: whole };
  return DECIMAL.test(digits) ? fraction(digits) : undefined;
}

function fraction(text: string): { readonly kind: "fraction"; readonly value: number } | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? { kind: "fraction", value } : undefined;
}

function readInteger(text: string): number | bigint | undefined {
  const parts = INTEGER.exec(text);
  if (parts === null) return readSignInside(text);
  const [, sign = "", hex, binary, octal, oldOctal, decimal = "0"] = parts;
  if (decimal.length < 16 && hex === undefined && binary === undefined && octal === undefined && oldOctal === undefined) {
    return sign === "-" && decimal !== "0" ? -Number(decimal) : Number(decimal);
  }
  const size = BigInt(
    hex !== undefined ? `0x${hex}` : binary !== undefined ? `0b${binary}` : (octal ?? oldOctal) !== undefined ? `0o${octal ?? oldOctal}` : decimal,
  );
  const value = sign === "-" ? -size : size;
  // A sign makes it an int64; only what has none may be a uint64.
  return value >= MIN_INT64 && value <= (sign === "" ? MAX_UINT64 : MAX_INT64) ? smallest(value) : undefined;
}

function readSignInside(text: string): number | bigint | undefined {
  const parts = SIGN_INSIDE.exec(text);
  if (parts === null) return undefined;
  const [, binary, octal] = parts;
  const size = BigInt(binary !== undefined ? `0b${binary.slice(1)}` : `0o${(octal ?? "").slice(1)}`);
  const value = (binary ?? octal ?? "").startsWith("-") ? -size : size;
  return value >= MIN_INT64 && value <= MAX_INT64 ? smallest(value) : undefined;
}

const smallest = (value: bigint): number | bigint => (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value);
