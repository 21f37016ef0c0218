import type { ChartRepositories } from "@sluice/engine/ports/chart-repositories.ts";
import { createSignedRequests } from "../aws/signed-requests.ts";
import type { HostSettings } from "./cluster-config.ts";
import { createLazyCharts } from "./lazy-charts.ts";
import { createTenantHttp } from "./tenant-access.ts";

/** Repositories of charts as tenants name them, and registries of AWS as the function's own role may read them. */
export const createFunctionCharts = (settings: HostSettings): ChartRepositories =>
  createLazyCharts(async () => {
    const { createChartRepositories } = await import("../helm/chart-repositories.ts");
    return createChartRepositories({
      http: createTenantHttp(settings),
      ecr: ({ service, region, endpoint }) => createSignedRequests(service, { region, endpoint }),
    });
  });
