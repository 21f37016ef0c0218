/** From this exponent on, and below -4, Go's shortest `%g` writes an exponent. */
const LEAST_EXPONENT = 6;

/**
 * A number as it stands after JSON and go-yaml: whole numbers of 64 bits in full, all others as Go's shortest `%g`
 * (`1.5`, `1e-05`, `1.2345675e+06`, `1e+20`). Source: Go, strconv.FormatFloat and encoding/json.
 */
export function writeNumber(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  if (Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 64) return BigInt(value).toString();
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < LEAST_EXPONENT) return String(value);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
