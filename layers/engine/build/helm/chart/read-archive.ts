import { posix } from "node:path/posix";
import { gunzipSync } from "node:zlib";
import { ok, problem, type Result } from "../../../domain/result.ts";
import { type TarFault, tarEntries } from "../../../source/tar-entries.ts";
import type { ChartFile } from "./chart.ts";

/** What a chart may be. `archiveBytes`: compressed; `bytes`: expanded, with all charts packed in it. */
export type ChartLimits = { readonly archiveBytes: number; readonly bytes: number; readonly fileBytes: number; readonly entries: number };

/** Helm's own limits, and a number of files that no chart comes near. Source: Helm 4, pkg/chart/loader/archive. */
export const CHART_LIMITS: ChartLimits = { archiveBytes: 100 * 1024 * 1024, bytes: 100 * 1024 * 1024, fileBytes: 5 * 1024 * 1024, entries: 100_000 };

const FAULTS: { readonly [Fault in TarFault]: string } = {
  header: "archive/tar: invalid tar header",
  size: "archive/tar: invalid tar header",
  end: "unexpected EOF",
};

const DRIVE = /^[a-zA-Z]:\//;

/**
 * The files of a packed chart, without the folder that they all lie in. What is no file (links, devices) is refused, as is every name that could mean a place
 * outside, and a name that comes twice. `expanded` hears how much there was to go through. Source: Helm 4, LoadArchiveFiles; security.md.
 */
export function readArchive(bytes: Uint8Array, limits: ChartLimits, expanded: (bytes: number) => void = () => {}): Result<readonly ChartFile[]> {
  if (bytes.length > limits.archiveBytes) return problem(`chart archive is larger than the maximum size ${limits.archiveBytes}`);
  const tar = expand(bytes, limits);
  if (!tar.ok) return tar;
  expanded(tar.value.length);
  const files: ChartFile[] = [];
  const taken = new Set<string>();
  let entries = 0;
  for (const entry of tarEntries(tar.value)) {
    if (!entry.ok) return problem(FAULTS[entry.problem]);
    if (++entries > limits.entries) return problem(`chart archive has more than ${limits.entries} entries`);
    const { name, kind, modified, data } = entry.value;
    if (kind === "folder" || (kind === "file" && name.endsWith("/"))) continue;
    const path = pathOf(name);
    if (!path.ok) return path;
    if (kind !== "file") return problem(`chart archive has an entry that is no file: ${JSON.stringify(name.slice(0, 200))}`);
    if (data.length > limits.fileBytes)
      return problem(`decompressed chart file ${JSON.stringify(path.value.slice(0, 200))} is larger than the maximum file size ${limits.fileBytes}`);
    if (taken.has(path.value)) return problem(`chart archive has the file ${JSON.stringify(path.value.slice(0, 200))} twice`);
    taken.add(path.value);
    files.push({ name: path.value, data, modtime: timeText(modified) });
  }
  return files.length === 0 ? problem("no files in chart archive") : ok(files);
}

/** As Go writes a time: to the nanosecond, without zeros at the end. What is no time, or none that has four digits for its year, counts as 1970. */
function timeText(seconds: string): string {
  const [, whole = "0", fraction = ""] = /^(\d{1,12})(?:\.(\d{0,9})\d*)?$/.exec(seconds) ?? [];
  const moment = Number(whole) * 1000;
  const second = new Date(moment < LAST_YEAR ? moment : 0).toISOString().slice(0, -".000Z".length);
  const nanoseconds = fraction.replace(/0+$/, "");
  return nanoseconds === "" ? `${second}Z` : `${second}.${nanoseconds}Z`;
}

const LAST_YEAR = Date.UTC(10_000, 0);

/** Headers and padding come on top of the files: an entry has one block, and less than one more. */
function expand(bytes: Uint8Array, { bytes: most, entries }: ChartLimits): Result<Uint8Array> {
  if (bytes.length < 10) return problem("EOF");
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return problem("gzip: invalid header");
  const padded = Math.max(0, most) + Math.min(entries * 2048, Math.max(16 * 1024 * 1024, most));
  try {
    return ok(gunzipSync(bytes, { maxOutputLength: padded }));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE")
      return problem(`decompressed chart is larger than the maximum size ${most}`);
    return problem("unexpected EOF");
  }
}

/** An archive that was made on Windows has `\` between names. */
function pathOf(name: string): Result<string> {
  const delimiter = name.includes("\\") ? "\\" : "/";
  const [first = "", ...rest] = name.split(delimiter);
  const joined = rest.join("/");
  if (joined.startsWith("/")) return problem("chart illegally contains absolute paths");
  const path = posix.normalize(joined === "" ? "." : joined);
  if (path === ".") return problem(`chart illegally contains content outside the base directory: ${JSON.stringify(name.slice(0, 200))}`);
  if (path.startsWith("..")) return problem("chart illegally references parent directory");
  if (DRIVE.test(path) || path.includes("\0")) return problem("chart contains illegally named files");
  if (first === "Chart.yaml") return problem("chart yaml not in base directory");
  return ok(path);
}
