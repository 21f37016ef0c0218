import { MetricUnit, Metrics as PowertoolsMetrics } from "@aws-lambda-powertools/metrics";
import { type CountName, type Dimensions, type DurationName, METRIC_NAMESPACE, type MetricName } from "./metric-names.ts";

/** What is measured goes out with `flush`, at the end of an invocation, as lines of CloudWatch's embedded metric format. */
export type Metrics = {
  count<N extends CountName>(name: N, by: number, dimensions: Dimensions<N>): void;
  milliseconds<N extends DurationName>(name: N, value: number, dimensions: Dimensions<N>): void;
  flush(): void;
};

/** CloudWatch takes 100 values of one metric in one line; Powertools would write to stdout by itself when it has them. */
const MAX_VALUES = 99;

type Values = { readonly name: MetricName; readonly unit: "Count" | "Milliseconds"; readonly dimensions: Dimensions<never>; readonly values: number[] };

/**
 * Powertools knows the format; it has one set of dimensions at a time and writes to stdout, so the values are gathered here and each set of dimensions
 * becomes a line of its own.
 */
export function createMetrics(write: (line: string) => void): Metrics {
  const waiting = new Map<string, Values>();

  const valuesOf = (name: MetricName, unit: Values["unit"], dimensions: Dimensions<never>): number[] => {
    const id = JSON.stringify([name, dimensions]);
    const known = waiting.get(id) ?? { name, unit, dimensions, values: [] };
    waiting.set(id, known);
    return known.values;
  };

  return {
    count: (name, by, dimensions) => {
      const values = valuesOf(name, MetricUnit.Count, dimensions);
      values[0] = (values[0] ?? 0) + by;
    },
    milliseconds: (name, value, dimensions) => void valuesOf(name, MetricUnit.Milliseconds, dimensions).push(value),
    flush: () => {
      const all = [...waiting.values()];
      waiting.clear();
      for (const together of Object.values(Object.groupBy(all, ({ dimensions }) => JSON.stringify(dimensions)))) {
        for (let first = 0; together?.some(({ values }) => values.length > first); first += MAX_VALUES) write(render(together, first));
      }
    },
  };
}

/** One line with up to MAX_VALUES values of each metric, from the `first` on; all have the same dimensions. */
function render(metrics: readonly Values[], first: number): string {
  const powertools = new PowertoolsMetrics({ namespace: METRIC_NAMESPACE });
  powertools.clearDefaultDimensions(); // it would add `service`, and CloudWatch finds a metric only by exactly its dimensions
  powertools.addDimensions({ ...metrics[0]?.dimensions }); // none: one empty set, which the format allows; without it nothing would be extracted
  for (const { name, unit, values } of metrics) for (const value of values.slice(first, first + MAX_VALUES)) powertools.addMetric(name, unit, value);
  return JSON.stringify(powertools.serializeMetrics());
}
