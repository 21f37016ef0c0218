import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";

const isJson = (_value: unknown): _value is Json => true;
const objectOf = (value: unknown): JsonObject => (isJson(value) && isObject(value) ? value : {});

/**
 * A new Job, which has its uid by now, with the selector and the labels that the server makes for it; one with a manual selector stays as it is.
 * Source: pkg/registry/batch/job generateSelector.
 */
export function withJobSelector(job: Manifest): Manifest {
  const spec = objectOf(job.spec);
  const { uid, name } = job.metadata;
  if (spec.manualSelector === true || uid === undefined || name === undefined) return job;
  const own: JsonObject = { "batch.kubernetes.io/controller-uid": uid, "batch.kubernetes.io/job-name": name, "controller-uid": uid, "job-name": name };
  const template = objectOf(spec.template);
  const metadata = objectOf(template.metadata);
  const labels = { ...objectOf(metadata.labels), ...own };
  const selector = objectOf(spec.selector);
  const texts = Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)]));
  return {
    ...job,
    metadata: Object.keys(job.metadata.labels ?? {}).length > 0 ? job.metadata : { ...job.metadata, labels: texts },
    spec: {
      ...spec,
      selector: { ...selector, matchLabels: { ...objectOf(selector.matchLabels), "batch.kubernetes.io/controller-uid": uid } },
      template: { ...template, metadata: { ...metadata, labels } },
    },
  };
}
