import { renderChart } from "../../../build/helm/render-chart.ts";
import { createRunAction } from "./create-run-action.ts";

/** One call of an action on a release, see `ReleaseAction`. With it comes all that renders charts: it is loaded when there is something to be done. */
export const runAction = createRunAction(renderChart);
