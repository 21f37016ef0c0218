import { METRIC_DIMENSIONS } from "@sluice/platform/lambda/metric-names.ts";
import { createMetrics, type Metrics } from "@sluice/platform/lambda/metrics.ts";
import { describe, expect, it } from "vitest";

type Record = {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [value: string]: unknown;
};

/** Each line as `Name=value Unit [dimensions] {what else it says}`. */
function flushed(measure: (metrics: Metrics) => void): readonly string[] {
  const lines: string[] = [];
  const metrics = createMetrics((line) => lines.push(line));
  measure(metrics);
  metrics.flush();
  return lines.map((line) => {
    const { _aws, ...values }: Record = JSON.parse(line);
    const [directive] = _aws.CloudWatchMetrics;
    expect(directive?.Namespace).toBe("Sluice");
    const names = directive?.Metrics.map(({ Name, Unit }) => `${Name}=${JSON.stringify(values[Name])} ${Unit}`).join(" ");
    const rest = Object.entries(values).filter(([name]) => !directive?.Metrics.some(({ Name }) => Name === name));
    return `${names} ${JSON.stringify(directive?.Dimensions)} ${JSON.stringify(Object.fromEntries(rest))}`;
  });
}

describe("metrics", () => {
  it.each<[string, (metrics: Metrics) => void, readonly string[]]>([
    ["none: no line", () => undefined, []],
    [
      "counts add up",
      (metrics) => {
        for (const by of [1, 2]) metrics.count("Push", by, {});
      },
      ["Push=3 Count [[]] {}"],
    ],
    ["what one alarm is about is a dimension", (metrics) => metrics.count("Swept", 1, { cluster: "prod" }), ['Swept=1 Count [["cluster"]] {"cluster":"prod"}']],
    ["elsewhere the record says it", (metrics) => metrics.count("PassFailed", 1, { cluster: "prod" }), ['PassFailed=1 Count [[]] {"cluster":"prod"}']],
    [
      "what is about the same is one line, what has other dimensions or is about others is not",
      (metrics) => {
        metrics.count("PassFailed", 1, { cluster: "a" });
        metrics.count("PassSucceeded", 2, { cluster: "a" });
        metrics.count("PassFailed", 4, { cluster: "b" });
        metrics.count("Swept", 1, { cluster: "a" });
      },
      [
        'PassFailed=1 Count PassSucceeded=2 Count [[]] {"cluster":"a"}',
        'PassFailed=4 Count [[]] {"cluster":"b"}',
        'Swept=1 Count [["cluster"]] {"cluster":"a"}',
      ],
    ],
    [
      "durations stay single values",
      (metrics) => {
        for (const value of [5, 7.5]) metrics.milliseconds("PushToApplied", value, {});
      },
      ["PushToApplied=[5,7.5] Milliseconds [[]] {}"],
    ],
  ])("%s", (_, measure, want) => expect(flushed(measure)).toEqual(want));

  it("are written once", () => {
    const lines: string[] = [];
    const metrics = createMetrics((line) => lines.push(line));
    metrics.count("Push", 1, {});
    metrics.flush();
    metrics.flush();
    expect(lines).toHaveLength(1);
  });

  it("never have more values in a line than CloudWatch takes, and lose none", () => {
    const values = Array.from({ length: 250 }, (_, index) => index);
    const lines: string[] = [];
    const metrics = createMetrics((line) => lines.push(line));
    for (const value of values) metrics.milliseconds("PushToApplied", value, {});
    metrics.flush();
    const written: number[][] = lines.map((line) => JSON.parse(line).PushToApplied);
    expect(written.flat()).toEqual(values);
    expect(Math.max(...written.map(({ length }) => length))).toBeLessThanOrEqual(100);
  });

  it("say no more than the log would: of somebody else's words no secrets, and not without end", () => {
    const [line = ""] = flushed((metrics) => metrics.count("MessageAside", 1, { function: "source", reason: `Bearer k8s-aws-v1.aHR0 ${"x".repeat(300_000)}` }));
    expect(line).toContain('"reason":"Bearer [secret]');
    expect(line).not.toContain("aHR0");
    expect(line.length).toBeLessThan(10_000);
  });

  it("have a name that no dimension has: the two share the record", () => {
    const names = Object.keys(METRIC_DIMENSIONS);
    expect(
      Object.values(METRIC_DIMENSIONS)
        .flat()
        .filter((dimension) => names.includes(dimension)),
    ).toEqual([]);
  });
});
