import { MetricUnit, Metrics as PowertoolsMetrics } from "@aws-lambda-powertools/metrics";
import { shownText } from "../log/log-line.ts";
import { type CountName, type Dimensions, type DurationName, METRIC_DIMENSIONS, METRIC_NAMESPACE, type MetricName } from "./metric-names.ts";

/** What a value is about: the dimensions of its metric, and what else Logs Insights shall find in the record. */
export type About<N extends MetricName> = Dimensions<N> & { readonly cluster?: string; readonly reason?: string; readonly function?: string };

/** What is measured goes out with `flush`, at the end of an invocation, as lines of CloudWatch's embedded metric format. */
export type Metrics = {
  count<N extends CountName>(name: N, by: number, about: About<N>): void;
  milliseconds<N extends DurationName>(name: N, value: number, about: About<N>): void;
  flush(): void;
};

/** CloudWatch takes 100 values of one metric in one line; Powertools would write to stdout by itself when it has them. */
const MAX_VALUES = 99;

type Values = {
  readonly name: MetricName;
  readonly unit: "Count" | "Milliseconds";
  readonly about: { readonly [key: string]: string };
  readonly values: number[];
};

/**
 * Powertools knows the format; it has one set of dimensions at a time and writes to stdout, so the values are gathered here, and what is about the same
 * becomes one line.
 */
export function createMetrics(write: (line: string) => void): Metrics {
  const waiting = new Map<string, Values>();

  const valuesOf = (name: MetricName, unit: Values["unit"], about: Values["about"]): number[] => {
    const id = JSON.stringify([name, about]);
    const known = waiting.get(id) ?? { name, unit, about, values: [] };
    waiting.set(id, known);
    return known.values;
  };

  return {
    count: (name, by, about) => {
      const values = valuesOf(name, MetricUnit.Count, { ...about });
      values[0] = (values[0] ?? 0) + by;
    },
    milliseconds: (name, value, about) => void valuesOf(name, MetricUnit.Milliseconds, { ...about }).push(value),
    flush: () => {
      const all = [...waiting.values()];
      waiting.clear();
      for (const together of Object.values(Object.groupBy(all, ({ name, about }) => JSON.stringify([METRIC_DIMENSIONS[name], about])))) {
        for (let first = 0; together?.some(({ values }) => values.length > first); first += MAX_VALUES) write(render(together, first));
      }
    },
  };
}

/** One line with up to MAX_VALUES values of each metric, from the `first` on; all have the same dimensions and are about the same. */
function render(metrics: readonly Values[], first: number): string {
  const powertools = new PowertoolsMetrics({ namespace: METRIC_NAMESPACE });
  powertools.clearDefaultDimensions(); // it would add `service`
  const names = new Set<string>(metrics.flatMap(({ name }) => METRIC_DIMENSIONS[name]));
  const about = Object.entries(metrics[0]?.about ?? {});
  // With no dimensions this is one empty set, which the format allows; without it nothing would be extracted.
  powertools.addDimensions(Object.fromEntries(about.filter(([name]) => names.has(name))));
  // A line of the log like any other, but for who writes it: a reason may be somebody else's words.
  for (const [name, text] of about) if (!names.has(name)) powertools.addMetadata(name, shownText(text));
  for (const { name, unit, values } of metrics) for (const value of values.slice(first, first + MAX_VALUES)) powertools.addMetric(name, unit, value);
  return JSON.stringify(powertools.serializeMetrics());
}
