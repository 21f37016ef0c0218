import { canBackquote, quote } from "../../text/quote.ts";
import { spend } from "../../work.ts";
import { bytesOf, stringOf } from "./bytes.ts";
import { type Flags, noFlags, padded, padding, truncated } from "./format-flags.ts";
import { floatText } from "./format-float.ts";
import { digitsOf, formatFloatVerb, formatInteger } from "./format-number.ts";
import { typesSigned } from "./type.ts";
import { type GoBytes, type GoMap, type GoPointer, type GoSlice, type GoStruct, type GoValue, itemsOf, sortedKeys, typeName } from "./value.ts";

/** `set` can make a map that holds itself, or the same one twice and so on, whose text has no end: Go dies of it. */
const MAX_DEPTH = 1_000;
const MAX_VALUES = 300_000;
const STEPS_OF_VALUE = 20;

/** What `{{ value }}` writes, and %v. */
export function printed(value: GoValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return floatText(value);
  return formatValue(value, "v", noFlags());
}

/**
 * `value` for one verb of Printf, as fmt's printArg. A verb that the type does not have is shown with type and value: `%!d(string=a)`.
 * Addresses, which nobody can know, are all 0xc000000000.
 */
export function formatValue(value: GoValue, verb: string, flags: Flags): string {
  if (value === null) return verb === "T" || verb === "v" ? padded("<nil>", flags) : `%!${verb}(<nil>)`;
  if (verb === "T") return padded(truncated(typeName(value), flags), flags);
  if (verb === "p") return isAddressed(value) ? pointerText(value, "p", flags) : badVerb(value, verb, flags);
  if (verb === "w" && typeof value === "object" && value.go !== "bytes") return badVerb(value, verb, flags);
  return formatAt(value, verb, flags, outermost(false));
}

/** `isError`: within a bad verb, where methods are not called. `budget` is what may still be printed. */
type Place = { readonly depth: number; readonly isError: boolean; readonly budget: { values: number } };

const outermost = (isError: boolean): Place => ({ depth: 0, isError, budget: { values: MAX_VALUES } });

/** A RangeError as for all that JavaScript itself finds too large: it ends the render. */
function within(place: Place, values: number): Place {
  place.budget.values -= values;
  spend(STEPS_OF_VALUE * values);
  if (place.depth >= MAX_DEPTH || place.budget.values < 0) throw new RangeError("a value is too large to be printed");
  return { ...place, depth: place.depth + 1 };
}

function badVerb(value: GoValue, verb: string, flags: Flags): string {
  return `%!${verb}(${typeName(value)}=${formatAt(value, "v", flags, outermost(true))})`;
}

function formatAt(value: GoValue, verb: string, flags: Flags, place: Place): string {
  if (value === null) return flags.sharpV ? "interface {}(nil)" : "<nil>";
  switch (typeof value) {
    case "string":
      return formatString(value, verb, flags) ?? badVerb(value, verb, flags);
    case "number":
      return formatFloatVerb(value, verb, flags) ?? badVerb(value, verb, flags);
    case "boolean":
      return verb === "t" || verb === "v" ? padded(String(value), flags) : badVerb(value, verb, flags);
    default:
  }
  const own = place.isError || flags.sharpV || !"vsxXq".includes(verb) ? undefined : value.type.print;
  if (own !== undefined) {
    const self = value.go === "pointer" ? value.to : value;
    return self === null ? "<nil>" : (formatString(own(self), verb, flags) ?? "");
  }
  switch (value.go) {
    case "int":
      return formatInteger(value.value, typesSigned(value.type), verb, flags) ?? badVerb(value, verb, flags);
    case "complex": {
      const re = formatFloatVerb(value.re, verb, flags);
      const im = formatFloatVerb(value.im, verb, { ...flags, plus: true });
      return re === undefined || im === undefined ? badVerb(value, verb, flags) : `(${re}${im}i)`;
    }
    case "map":
      return formatMap(value, verb, flags, place);
    case "slice":
      return formatList(value, verb, flags, place);
    case "bytes":
      return formatBytes(value, verb, flags, place);
    case "struct":
      return formatStruct(value, verb, flags, place);
    case "pointer":
      if (place.depth === 0 && value.to !== null) return `&${formatAt(value.to, verb, flags, within(place, 1))}`;
      return pointerText(value, verb, flags);
  }
}

/** A string for `verb`; undefined when it has no such verb. */
function formatString(text: string, verb: string, flags: Flags): string | undefined {
  spend(text.length);
  switch (verb) {
    case "v":
      return flags.sharpV ? quoted(text, flags) : padded(truncated(text, flags), flags);
    case "s":
      return padded(truncated(text, flags), flags);
    case "q":
      return quoted(text, flags);
    case "x":
      return hex(bytesOf(text), flags);
    case "X":
      return hex(bytesOf(text), flags).toUpperCase();
    default:
      return undefined;
  }
}

function quoted(text: string, flags: Flags): string {
  const shown = truncated(text, flags);
  return padded(flags.sharp && canBackquote(shown) ? `\`${shown}\`` : quote(shown, flags.plus), flags);
}

function hex(bytes: Uint8Array, flags: Flags): string {
  spend(STEPS_OF_VALUE * bytes.length);
  const shown = bytes.subarray(0, Math.min(flags.precision ?? bytes.length, bytes.length));
  if (shown.length === 0) return padding(flags.width ?? 0, flags);
  const pairs = Array.from(shown, (byte) => byte.toString(16).padStart(2, "0"));
  const prefix = flags.sharp ? "0x" : "";
  const text = flags.space ? pairs.map((pair) => prefix + pair).join(" ") : prefix + pairs.join("");
  const fill = padding((flags.width ?? 0) - text.length, flags);
  return flags.minus ? text + fill : fill + text;
}

function formatMap(map: GoMap, verb: string, flags: Flags, place: Place): string {
  if (flags.sharpV && map.isNil) return `${map.type.name}(nil)`;
  const inner = within(place, map.entries.size);
  const entries = sortedKeys(map).map((key) => {
    return `${formatAt(key, verb, flags, inner)}:${formatAt(map.entries.get(key) ?? null, verb, flags, inner)}`;
  });
  return flags.sharpV ? `${map.type.name}{${entries.join(", ")}}` : `map[${entries.join(" ")}]`;
}

function formatList(list: GoSlice, verb: string, flags: Flags, place: Place): string {
  if (flags.sharpV && list.isNil) return `${list.type.name}(nil)`;
  const inner = within(place, list.items.length);
  const items = list.items.map((item) => formatAt(item, verb, flags, inner));
  return flags.sharpV ? `${list.type.name}{${items.join(", ")}}` : `[${items.join(" ")}]`;
}

function formatBytes(bytes: GoBytes, verb: string, flags: Flags, place: Place): string {
  switch (verb) {
    case "s":
      return padded(truncated(stringOf(bytes.bytes), flags), flags);
    case "q":
      return quoted(stringOf(bytes.bytes), flags);
    case "x":
      return hex(bytes.bytes, flags);
    case "X":
      return hex(bytes.bytes, flags).toUpperCase();
    default:
  }
  const inner = within(place, bytes.bytes.length);
  const items = itemsOf(bytes).map((byte) => formatAt(byte, verb, flags, inner));
  if (!flags.sharpV) return `[${items.join(" ")}]`;
  const name = place.depth === 0 && verb === "v" && bytes.type.name === "[]uint8" ? "[]byte" : bytes.type.name;
  return bytes.isNil ? `${name}(nil)` : `${name}{${items.join(", ")}}`;
}

function formatStruct(struct: GoStruct, verb: string, flags: Flags, place: Place): string {
  const inner = within(place, struct.fields.size);
  const fields = Array.from(struct.fields, ([name, field]) => {
    return (flags.plusV || flags.sharpV ? `${name}:` : "") + formatAt(field, verb, flags, inner);
  });
  return flags.sharpV ? `${struct.type.name}{${fields.join(", ")}}` : `{${fields.join(" ")}}`;
}

const ADDRESS = 0xc000000000n;

const isAddressed = (value: GoValue): value is GoMap | GoSlice | GoBytes | GoPointer =>
  typeof value === "object" && value !== null && (value.go === "map" || value.go === "slice" || value.go === "bytes" || value.go === "pointer");

function pointerText(value: GoMap | GoSlice | GoBytes | GoPointer, verb: string, flags: Flags): string {
  const address = (value.go === "pointer" ? value.to === null : value.isNil) ? 0n : ADDRESS;
  switch (verb) {
    case "v":
      if (flags.sharpV) return `(${value.type.name})(${address === 0n ? "nil" : digitsOf(address, 16, "v", { ...flags, sharp: true })})`;
      return address === 0n ? padded("<nil>", flags) : digitsOf(address, 16, "v", { ...flags, sharp: !flags.sharp });
    case "p":
      return digitsOf(address, 16, "v", { ...flags, sharp: !flags.sharp });
    case "b":
    case "o":
    case "d":
    case "x":
    case "X":
      return formatInteger(address, false, verb, flags) ?? "";
    default:
      return badVerb(value, verb, flags);
  }
}
