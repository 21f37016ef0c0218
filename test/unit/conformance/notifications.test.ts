import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const ROOT = new URL("../../../", import.meta.url);
const RECORDED = new URL("test/conformance/notifications/", ROOT);

/** What a test replays: files of one folder, `*` being all of it that nobody else names. */
type Replay = { readonly test: string; readonly folder: string; readonly files: "*" | readonly string[] };

/** Which test replays which recordings, said in test/conformance/README.md too. */
const REPLAYS: readonly Replay[] = [
  { test: "test/unit/platform/notifications/replay.test.ts", folder: "providers", files: "*" },
  { test: "test/unit/platform/notifications/transport.test.ts", folder: "providers", files: ["transport"] },
  { test: "test/unit/engine/reconcile/notify/recorded-alerts.test.ts", folder: "alerts", files: "*" },
  { test: "test/unit/engine/receivers/recorded.test.ts", folder: "receivers", files: "*" },
  { test: "test/unit/engine/reconcile/recorded-static.test.ts", folder: "static", files: ["provider-and-alert"] },
  { test: "test/contract/flux-schemas.ts", folder: "validation", files: ["alert", "provider", "receiver", "enumerations"] },
];

/** What cannot be replayed, with the reason. */
const WITHOUT_REPLAY: { readonly [file: string]: string } = {
  "alerts/endpoint": "how the controller's endpoint for events answers: Sluice has none, its events come from its own runs",
};

const onDisk = readdirSync(RECORDED, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".yaml"))
  .map((path) => path.replace(/\.yaml$/, ""))
  .toSorted();
const named = REPLAYS.flatMap(({ folder, files }) => (files === "*" ? [] : files.map((file) => `${folder}/${file}`)));

function filesOf({ folder, files }: Replay): readonly string[] {
  if (files !== "*") return files.map((file) => `${folder}/${file}`);
  return onDisk.filter((file) => file.startsWith(`${folder}/`) && !named.includes(file) && WITHOUT_REPLAY[file] === undefined);
}

describe("the recordings of notifications", () => {
  it("are each replayed by one test", () => {
    expect([...REPLAYS.flatMap(filesOf), ...Object.keys(WITHOUT_REPLAY)].toSorted()).toEqual(onDisk);
  });

  it.each(REPLAYS)("$test reads what it is said to replay of $folder/", ({ test, folder, files }) => {
    const source = readFileSync(new URL(test, ROOT), "utf8");
    if (files === "*") expect(source).toMatch(/recordingNames\(\)|readdirSync\(/);
    // What a replay of a whole folder leaves to others, or reads in its own way, it names.
    else expect(files.filter((file) => !namesFile(source, folder, file))).toEqual([]);
    for (const left of Object.keys(WITHOUT_REPLAY).filter((file) => file.startsWith(`${folder}/`))) expect(source).toContain(`"${left.split("/")[1]}"`);
  });
});

const namesFile = (source: string, folder: string, file: string): boolean =>
  source.includes(`"${file}"`) || source.includes(`${folder}/${file}.yaml`) || source.includes(`read${file[0]?.toUpperCase()}${file.slice(1)}(`);
