/** What stands between % and the verb. `sharpV` and `plusV` are # and + of a %v, which mean something else there. */
export type Flags = {
  width: number | undefined;
  precision: number | undefined;
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  plusV: boolean;
  sharpV: boolean;
};

export const noFlags = (): Flags => ({
  width: undefined,
  precision: undefined,
  minus: false,
  plus: false,
  sharp: false,
  space: false,
  zero: false,
  plusV: false,
  sharpV: false,
});

/** `count` fill characters: zeros stand on the left only. */
export const padding = (count: number, flags: Flags): string => (count <= 0 ? "" : (flags.zero && !flags.minus ? "0" : " ").repeat(count));

/** Filled up to the width, which counts characters. */
export function padded(text: string, flags: Flags): string {
  if (flags.width === undefined || flags.width === 0) return text;
  const fill = padding(flags.width - characters(text), flags);
  return flags.minus ? text + fill : fill + text;
}

export const paddedWithSpaces = (text: string, flags: Flags): string => padded(text, flags.zero ? { ...flags, zero: false } : flags);

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The first characters of `text`, as many as the precision says. */
export function truncated(text: string, flags: Flags): string {
  if (flags.precision === undefined || text.length <= flags.precision) return text;
  let count = flags.precision;
  let end = 0;
  for (const character of text) {
    if (count-- === 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}
