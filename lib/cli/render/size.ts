/** Bytes as `flux stats` shows them: `-` for none, `700 B`, `12.5 KiB`, `5.0 MiB`. Source: reference 6.9. */
export function renderSize(bytes: number): string {
  if (bytes === 0) return "-";
  if (bytes < 1024) return `${bytes} B`;
  const exponent = Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length);
  return `${(bytes / 1024 ** exponent).toFixed(1)} ${UNITS[exponent - 1]}iB`;
}

const UNITS = ["K", "M", "G", "T", "P", "E"];
