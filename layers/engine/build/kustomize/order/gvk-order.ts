import { byBytes } from "../../text/by-bytes.ts";
import type { Gvk } from "../resource/id.ts";
import { kindRanks, ORDER_FIRST, ORDER_LAST } from "./kind-order.ts";

const rankOf = kindRanks(ORDER_FIRST, ORDER_LAST);

/** Group, version and kind as one text by which kustomize sorts. Source: kyaml resid/gvk.go, stableSortString. */
export const sortText = ({ group, version, kind }: Gvk): string => [group || "~G", version || "~V", kind || "~K"].join("_");

/** By rank of the kind, then by group, version and kind. Source: kyaml Gvk.IsLessThan. */
export function isLessThan(a: Gvk, b: Gvk): boolean {
  const [rankA, rankB] = [rankOf(a.kind), rankOf(b.kind)];
  return rankA !== rankB ? rankA < rankB : byBytes(sortText(a), sortText(b)) < 0;
}
