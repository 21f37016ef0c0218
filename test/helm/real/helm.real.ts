import { afterAll, beforeAll, describe } from "vitest";
import { tellOfCommands } from "./stories/commands.ts";
import { tellOfFlux } from "./stories/flux.ts";
import { tellOfLimits } from "./stories/limits.ts";
import { tellOfPending } from "./stories/pending.ts";
import { tellOfStorage } from "./stories/storage.ts";
import { tellOfTakingOver } from "./stories/take-over.ts";
import { startWorld, type World } from "./support/world.ts";

describe("the real helm beside our engine, on a real API server", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld("real");
  });
  afterAll(() => world?.stop());

  describe("what is stored", () => tellOfStorage(() => world));
  describe("helm works on what we installed", () => tellOfCommands(() => world));
  describe("what helm installed is taken over", () => tellOfTakingOver(() => world));
  describe("limits", () => tellOfLimits(() => world));
  describe("what a killed helm left", () => tellOfPending(() => world));
  describe("the real flux", () => tellOfFlux(() => world));
});
