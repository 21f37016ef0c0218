import type { FieldOrder } from "./go-json.ts";

const MAINTAINER: FieldOrder = { fields: ["name", "email", "url"] };

const DEPENDENCY: FieldOrder = { fields: ["name", "version", "repository", "condition", "tags", "enabled", "import-values", "alias"] };

/** Chart.yaml. Source: Helm 4, pkg/chart/v2/metadata.go. */
export const CHART_METADATA: FieldOrder = {
  fields: [
    "name",
    "home",
    "sources",
    "version",
    "description",
    "keywords",
    "maintainers",
    "icon",
    "apiVersion",
    "condition",
    "tags",
    "appVersion",
    "deprecated",
    "annotations",
    "kubeVersion",
    "dependencies",
    "type",
  ],
  inside: { maintainers: MAINTAINER, dependencies: DEPENDENCY },
};

const FILE: FieldOrder = { fields: ["name", "data", "modtime"] };

/** Source: Helm 4, pkg/chart/v2/chart.go. */
const CHART: FieldOrder = {
  fields: ["metadata", "lock", "templates", "values", "schema", "schemamodtime", "files", "modtime"],
  inside: {
    metadata: CHART_METADATA,
    lock: { fields: ["generated", "digest", "dependencies"], inside: { dependencies: DEPENDENCY } },
    templates: FILE,
    files: FILE,
  },
};

/** Source: Helm 4, pkg/release/v1/info.go. */
export const RELEASE_INFO: FieldOrder = { fields: ["first_deployed", "last_deployed", "deleted", "description", "status", "notes", "resources"] };

/** Source: Helm 4, pkg/release/v1/hook.go. */
export const HOOK: FieldOrder = {
  fields: ["name", "kind", "path", "manifest", "events", "last_run", "weight", "delete_policies", "output_log_policies"],
  inside: { last_run: { fields: ["started_at", "completed_at", "phase"] } },
};

/** Source: Helm 4, pkg/release/v1/release.go. */
export const RELEASE: FieldOrder = {
  fields: ["name", "info", "chart", "config", "manifest", "hooks", "version", "namespace", "apply_method"],
  inside: { info: RELEASE_INFO, chart: CHART, hooks: HOOK },
};
