import { expect, it } from "vitest";
import { humanDuration } from "../../../../../lib/local/sandbox/tables/age.ts";

const [minute, hour, day] = [60, 3600, 86_400];
it.each([
  [-5, "<invalid>"],
  [-1, "0s"],
  [0, "0s"],
  [119, "119s"],
  [120, "2m"],
  [121, "2m1s"],
  [9 * minute + 59, "9m59s"],
  [10 * minute + 1, "10m"],
  [179 * minute, "179m"],
  [3 * hour, "3h"],
  [3 * hour + minute, "3h1m"],
  [8 * hour + minute, "8h"],
  [47 * hour, "47h"],
  [2 * day, "2d"],
  [2 * day + hour, "2d1h"],
  [8 * day + hour, "8d"],
  [729 * day, "729d"],
  [730 * day, "2y"],
  [731 * day, "2y1d"],
  [8 * 365 * day + day, "8y"],
])("%d s: %s", (seconds, want) => expect(humanDuration(seconds * 1000)).toBe(want));
