import { parseTemplate } from "@sluice/engine/build/helm/template/parse.ts";
import { limited } from "@sluice/engine/build/work.ts";
import { describe, expect, it } from "vitest";
import { renderOf } from "../engine/build/helm/render-of.ts";

const BIG = '{{- $b := repeat 10000 "ab c" -}}';
const LIST = "{{- $l := until 2000 -}}";
const MAP = '{{- $m := dict -}}{{- range $i := until 200 -}}{{- $_ := set $m (printf "k%d" $i) (dict "a" $i) -}}{{- end -}}';
const NESTED = '{{- $a := dict "x" 1 -}}{{- range until 60 -}}{{- $a = dict "l" $a "r" $a -}}{{- end -}}';
const times = (count: number, call: string): string => `{{- range until ${count} -}}{{- $x := ${call} -}}{{- end -}}`;
const forEach = (call: string): string => `{{- $k := dict -}}{{- range $i := until 5000 -}}{{- $_ := set $k (toString $i) (${call}) -}}{{- end -}}`;

/** What a chart of these templates comes to with a small part of the steps that charts have: all that is made and gone through must be counted. */
const endOf = (template: string, steps = 1_000_000): string =>
  limited(
    steps,
    () => renderOf({ "templates/a.yaml": template }).kind,
    () => "ended",
  );

describe("a chart that works long on what is large", () => {
  it.each([
    [BIG, 2_000, 1_000_000],
    [LIST, 2_000, 1_500_000],
    [MAP, 3_000, 1_000_000],
    ["", 5_000, 1_000_000],
  ])("only then: %s", (given, count, steps) => expect(endOf(given + times(count, 'len "a"'), steps)).toBe("rendered"));
  it.each([
    ...[
      "len $b",
      'contains "zz" $b',
      'hasPrefix "zz" $b',
      "b64enc $b",
      "b32enc $b",
      "sha256sum $b",
      "adler32sum $b",
      "html $b",
      "js $b",
      "urlquery $b",
      "trunc 10 $b",
    ],
    ...["abbrev 10 $b", 'trimAll "x" $b', "nospace $b", "initials $b", "title $b", "snakecase $b", 'splitList " " $b', "wrap 10 $b", "quote $b", "shuffle $b"],
    ...[
      'printf "%x" $b',
      'printf "%q" $b',
      'regexMatch "z" $b',
      'regexReplaceAll "a" $b "b"',
      'regexSplit " " $b -1',
      'replace "a" "bb" $b',
      "toRawJson $b",
      "lt $b $b",
    ],
  ])("%s", (call) => expect(endOf(BIG + times(2_000, call))).toBe("ended"));
  it.each([
    "sortAlpha $l",
    'join "," $l',
    "toStrings $l",
    "uniq $l",
    "has -1 $l",
    'without $l "a" "b"',
    "rest $l",
    "slice $l 1",
    "mustSlice $l 1",
    "chunk 1 $l",
    "reverse $l",
    "toJson $l",
    "toYaml $l",
    "deepEqual $l $l",
  ])("%s", (call) => expect(endOf(LIST + times(2_000, call), 1_500_000)).toBe("ended"));
  it.each([
    "keys $m",
    "values $m",
    'omit $m "k1"',
    "merge (dict) $m",
    "deepCopy $m",
    "deepEqual $m (deepCopy $m)",
    "toJson $m",
    "toYaml $m",
    'printf "%v" $m',
    "toToml $m",
  ])("%s", (call) => expect(endOf(MAP + times(3_000, call))).toBe("ended"));
  it.each([
    'printf "%999999d" 1',
    'printf "%.999999f" 1.5',
    'bcrypt "x"',
    'genPrivateKey "ed25519"',
    'tpl (printf "{{ %d }}" .) $',
    "until 1000",
    'dict "a" 1',
    "list 1 2 3",
    'derivePassword 1 "long" "p" "u" "s"',
  ])("%s", (call) => expect(endOf(times(5_000, call))).toBe("ended"));
});

describe("a chart that keeps what it makes", () => {
  it.each(["until 1000", "uuidv4", 'repeat 1000 "x" | upper', 'dict "a" (list 1 2 3)', 'fromJsonArray "[{},{},{},{},{},{},{},{}]"'])("%s", (call) =>
    expect(endOf(forEach(call))).toBe("ended"));
});

describe("a chart that grows", () => {
  it.each([
    ["maps in maps, as JSON", `${NESTED}{{ toJson $a }}`],
    ["maps in maps, as YAML", `${NESTED}{{ toYaml $a }}`],
    ["maps in maps, as Go prints them", `${NESTED}{{ $a }}`],
    [
      "templates that include two each",
      `${Array.from({ length: 40 }, (_, at) => `{{ define "t${at}" }}{{ include "t${at + 1}" (repeat 300 "x") }}{{ include "t${at + 1}" . }}{{ end }}`).join("")}{{ define "t40" }}{{ end }}{{ include "t0" . }}`,
    ],
    ["tpl of twice as much each time", '{{- $t := "{{ tpl (printf \\"%s%s\\" . .) (printf \\"%s%s\\" . .) }}" -}}{{ tpl $t $t }}'],
    ["a pattern that tries to the end for each letter", '{{- $s := repeat 1000 "a" -}}{{- $x := regexFindAll "a*b|a" $s -1 -}}'],
    ["actions without end in one line", "{{ .Values.x }}".repeat(10_000)],
  ])("%s", (_, template) => expect(endOf(template)).toBe("ended"));

  it("aliases of lists in values, over and over in charts below", () => {
    const laughs = Array.from(
      { length: 6 },
      (_, level) =>
        `a${level}: &a${level} [${Array(10)
          .fill(level === 0 ? "x" : `*a${level - 1}`)
          .join(",")}]`,
    ).join("\n");
    const below = Array.from({ length: 10 }, (_, at) => [
      [`charts/c${at}/Chart.yaml`, `apiVersion: v2\nname: c${at}\nversion: 1.0.0\n`],
      [`charts/c${at}/values.yaml`, laughs],
      [`charts/c${at}/templates/a.yaml`, "{{ .Values.a0 }}"],
    ]).flat();
    const end = limited(
      50_000_000,
      () => renderOf(Object.fromEntries(below)).kind,
      () => "ended",
    );
    expect(end).toBe("ended");
  });
});

/** Where the square of a length would be taken, this runs into its time limit. */
it("more than a megabyte in one line is read in the time of its letters", () => {
  expect(parseTemplate("a.yaml", "{{ 1 }}".repeat(200_000), () => true).ok).toBe(true);
});
