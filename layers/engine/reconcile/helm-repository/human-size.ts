const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes with four digits and the largest fitting unit of a thousand: `1.234MB`, `40B`. Source: docker/go-units, HumanSize. */
export function humanSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${Number(size.toPrecision(4))}${UNITS[unit]}`;
}
