import { readFileSync } from "node:fs";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";

/** A cluster as an engine leaves it: every kind of Flux's, ready, failed, suspended and new, in two namespaces. */
export const fixtureObjects = (): readonly Manifest[] => JSON.parse(readFileSync(new URL("./objects.json", import.meta.url), "utf8"));
