import type { SimulationOptions } from "./simulate.ts";
import type { ClusterSort } from "./workload.ts";

/** A day that is simulated, and what it stands for. */
export type DayPlan = {
  readonly id: "hundred" | "one" | "small";
  readonly title: string;
  readonly options: SimulationOptions;
  /** Each simulated cluster stands for so many: they share nothing but the tick, which is counted once. */
  readonly times: number;
  readonly clusters: number;
  /** Dollars in a month at list prices, without free tiers. */
  readonly budget: number;
};

const TIMES = 10;
/** Of a hundred: sixty quiet, twenty busy, ten of which two Kustomizations fail all day, ten that are dead for an hour and get a storm of pushes. */
const TENTH: readonly ClusterSort["name"][] = ["quiet", "quiet", "quiet", "quiet", "quiet", "quiet", "busy", "busy", "failing", "dead"];

export const DAYS: { readonly [Id in DayPlan["id"]]: DayPlan } = {
  hundred: {
    id: "hundred",
    title: "100 clusters x 50 Kustomizations",
    options: {
      clusters: TENTH,
      kustomizations: 50,
      bystanders: 90,
      hours: 24,
      sharedPushes: 4,
      ticks: { late: [311], doubled: [400, 401, 900], lost: [] },
    },
    times: TIMES,
    clusters: TIMES * TENTH.length,
    budget: 200,
  },
  one: {
    id: "one",
    title: "1 cluster x 20 Kustomizations",
    options: { clusters: ["busy"], kustomizations: 20, bystanders: 0, hours: 24, sharedPushes: 4, ticks: { late: [311], doubled: [400], lost: [] } },
    times: 1,
    clusters: 1,
    budget: 20,
  },
  small: {
    id: "small",
    title: "2 clusters x 6 Kustomizations, three hours",
    options: { clusters: ["failing", "dead"], kustomizations: 6, bystanders: 1, hours: 3, sharedPushes: 1, ticks: { late: [], doubled: [70, 71], lost: [] } },
    times: 1,
    clusters: 2,
    // An hour of silence in three: the sweeps of that cluster run all the time.
    budget: 80,
  },
};
