import { MetricUnit, Metrics as PowertoolsMetrics } from "@aws-lambda-powertools/metrics";
import { BY_CLUSTER, DIMENSION_CLUSTER, METRIC_NAMESPACE, type MetricName } from "./metric-names.ts";

/** What a value is about. It stands in the record for Logs Insights to find; only the cluster of a metric in BY_CLUSTER makes a metric of its own. */
export type About = { readonly cluster?: string; readonly reason?: string; readonly function?: string };

/** What is measured goes out with `flush`, at the end of an invocation, as lines of CloudWatch's embedded metric format. */
export type Metrics = {
  count(name: MetricName, by: number, about?: About): void;
  milliseconds(name: MetricName, value: number, about?: About): void;
  flush(): void;
};

/** CloudWatch takes 100 values of one metric in one line; Powertools would write to stdout by itself when it has them. */
const MAX_VALUES = 99;

type Values = { readonly name: MetricName; readonly unit: "Count" | "Milliseconds"; readonly about: About; readonly values: number[] };

/**
 * Powertools knows the format; it has one set of dimensions at a time and writes to stdout, so the values are gathered here, and what is about the same
 * becomes one line.
 */
export function createMetrics(write: (line: string) => void): Metrics {
  const waiting = new Map<string, Values>();

  const valuesOf = (name: MetricName, unit: Values["unit"], about: About): number[] => {
    const id = JSON.stringify([name, about]);
    const known = waiting.get(id) ?? { name, unit, about, values: [] };
    waiting.set(id, known);
    return known.values;
  };

  return {
    count: (name, by, about = {}) => {
      const values = valuesOf(name, MetricUnit.Count, about);
      values[0] = (values[0] ?? 0) + by;
    },
    milliseconds: (name, value, about = {}) => void valuesOf(name, MetricUnit.Milliseconds, about).push(value),
    flush: () => {
      const all = [...waiting.values()];
      waiting.clear();
      const records = Object.groupBy(all, ({ name, about }) => JSON.stringify([BY_CLUSTER.has(name), about]));
      for (const together of Object.values(records)) {
        for (let first = 0; together?.some(({ values }) => values.length > first); first += MAX_VALUES) write(render(together, first));
      }
    },
  };
}

/** One line with up to MAX_VALUES values of each metric, from the `first` on; all are about the same, and have the same dimensions. */
function render(metrics: readonly Values[], first: number): string {
  const powertools = new PowertoolsMetrics({ namespace: METRIC_NAMESPACE });
  const isByCluster = metrics.some(({ name }) => BY_CLUSTER.has(name));
  for (const [key, text] of Object.entries(metrics[0]?.about ?? {})) {
    if (key === DIMENSION_CLUSTER && isByCluster) powertools.addDimension(key, text);
    else powertools.addMetadata(key, text);
  }
  for (const { name, unit, values } of metrics) for (const value of values.slice(first, first + MAX_VALUES)) powertools.addMetric(name, unit, value);
  return JSON.stringify(powertools.serializeMetrics());
}
