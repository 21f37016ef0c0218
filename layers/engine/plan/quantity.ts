/** 10^-9 is the smallest unit that a Quantity has; everything is counted in it. */
const NANO = 10n ** 9n;
const MAX_DIGITS = 200;

type Parsed = { readonly nanos: bigint; readonly format: "binary" | "decimal" | "exponent"; readonly keep: boolean };

const decimal: ReadonlyMap<string, number> = new Map([
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
]);
const binary: ReadonlyMap<string, number> = new Map([
  ["Ki", 10],
  ["Mi", 20],
  ["Gi", 30],
  ["Ti", 40],
  ["Pi", 50],
  ["Ei", 60],
]);

/** Away from zero, as a Quantity rounds what is smaller than a nano. */
const divideUp = (value: bigint, by: bigint): bigint => (value < 0n ? -((-value + by - 1n) / by) : (value + by - 1n) / by);

function parse(text: string): Parsed | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?([a-zA-Z]*|[eE][+-]?\d{1,3})$/.exec(text);
  if (match === null || text.length > MAX_DIGITS) return undefined;
  const [, sign = "", whole = "", fraction = "", suffix = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const digits = (sign === "-" ? -1n : 1n) * BigInt(`${whole}${fraction}`);
  const shift = binary.get(suffix);
  if (shift !== undefined) {
    const nanos = divideUp(digits * (1n << BigInt(shift)) * NANO, 10n ** BigInt(fraction.length));
    return { nanos, format: nanos > 0n && nanos < NANO ? "decimal" : "binary", keep: fraction === "" && (BigInt(whole) & 7n) !== 0n };
  }
  const isExponent = /^[eE][+-]?\d/.test(suffix);
  const exponent = isExponent ? Number(suffix.slice(1)) : decimal.get(suffix);
  if (exponent === undefined) return undefined;
  const scale = exponent - fraction.length;
  const power = scale + 9;
  const nanos = power >= 0 ? digits * 10n ** BigInt(power) : divideUp(digits, 10n ** BigInt(-power));
  const shifted = `${whole}${fraction}`.replace(/^0+(?=\d)/, "");
  // Source: apimachinery resource.ParseQuantity reuses text that is canonical already, and `1.500`, too.
  const keep = power >= 0 && scale % 3 === 0 && shifted.length <= 18 && !shifted.endsWith("000") && !`${whole}${fraction}`.startsWith("0");
  return { nanos, format: isExponent ? "exponent" : "decimal", keep };
}

const decimalText = (nanos: bigint, format: "decimal" | "exponent"): string => {
  let value = nanos;
  let exponent = -9;
  while (value % 1000n === 0n && exponent < 18) {
    value /= 1000n;
    exponent += 3;
  }
  if (format === "exponent") return exponent === 0 ? `${value}` : `${value}e${exponent}`;
  return `${value}${[...decimal].find(([, power]) => power === exponent)?.[0] ?? ""}`;
};

function binaryText(nanos: bigint): string {
  if (nanos % NANO !== 0n) return decimalText(nanos, "decimal");
  let value = nanos / NANO;
  if (value > -1024n && value < 1024n) return decimalText(nanos, "decimal");
  let step = 0;
  while (value % 1024n === 0n && step < 6) {
    value /= 1024n;
    step += 1;
  }
  return `${value}${[...binary.keys()][step - 1] ?? ""}`;
}

/** A quantity as the API server writes it (`1000m` → `1`, `0.5Gi` → `512Mi`), or undefined for what is none. Source: apimachinery resource.Quantity. */
export function canonicalQuantity(text: string): string | undefined {
  const parsed = parse(text.trim());
  if (parsed === undefined) return undefined;
  if (parsed.nanos === 0n) return "0";
  if (parsed.keep) return text.trim().replace(/^\+/, "");
  return parsed.format === "binary" ? binaryText(parsed.nanos) : decimalText(parsed.nanos, parsed.format);
}
