import type { ContractCase } from "../story.ts";
import { configMap } from "./objects.ts";

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

/** Ages are young, and differ. */
const withoutAges = (text: string): string => text.replaceAll(/"\d+s"/g, '"<age>"');

export const tableCases: readonly ContractCase[] = [
  {
    title: "a list, an object, and what stands beside the cells",
    play: async (story) => {
      await story.post("configmaps", configMap("a", { x: "1" }, { labels: { mine: "yes" } }), { silent: true });
      for (const query of ["labelSelector=mine", "labelSelector=mine&includeObject=None", "labelSelector=mine&includeObject=Object"]) {
        const { body } = await story.get("configmaps", { accept: TABLE, query, silent: true });
        story.note(
          withoutAges(
            JSON.stringify({
              ...body,
              metadata: Object.keys(body.metadata),
              rows: body.rows.map((row: { object: { metadata: object; kind: string } | null }) => ({
                ...row,
                object: row.object && { kind: row.object.kind, keys: Object.keys(row.object).toSorted() },
              })),
            }),
          ),
        );
      }
      const { body } = await story.get("configmaps/a", { accept: TABLE, query: "includeObject=None", silent: true });
      story.note(withoutAges(JSON.stringify(body.rows)));
      await story.get("configmaps", { accept: TABLE, query: "includeObject=Bad" });
      await story.get("configmaps/none", { accept: TABLE });
    },
  },
  ...[
    "/api/v1/namespaces",
    "/api/v1/nodes",
    "pods",
    "services",
    "secrets",
    "events",
    "apps/v1:deployments",
    "apps/v1:statefulsets",
    "batch/v1:jobs",
    "batch/v1:cronjobs",
    "networking.k8s.io/v1:ingresses",
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    "rbac.authorization.k8s.io/v1:roles",
    "/apis/storage.k8s.io/v1/storageclasses",
    "persistentvolumeclaims",
    "autoscaling/v2:horizontalpodautoscalers",
  ].map(
    (path): ContractCase => ({
      title: `the columns of ${path.split(/[:/]/).at(-1)}`,
      play: async (story) => {
        const { body } = await story.get(path, { accept: TABLE, query: "includeObject=None&limit=1", silent: true });
        for (const column of body.columnDefinitions) story.note(JSON.stringify(column));
      },
    }),
  ),
  {
    title: "a watch in tables says its columns once",
    play: async (story) => {
      const watch = await story.watch("configmaps", { query: "labelSelector=mine&includeObject=None", accept: TABLE });
      await story.post("configmaps", configMap("a", {}, { labels: { mine: "yes" } }), { silent: true });
      await story.delete("configmaps/a", undefined, { silent: true });
      for (const event of [await watch.next(), await watch.next()])
        story.note(
          withoutAges(
            JSON.stringify({ type: event.type, kind: event.object.kind, columns: event.object.columnDefinitions?.length ?? null, rows: event.object.rows }),
          ),
        );
      watch.close();
    },
  },
];
