import { afterAll, beforeAll, describe } from "vitest";
import { tellOfCommands } from "./stories/commands.ts";
import { tellOfStorage } from "./stories/storage.ts";
import { tellOfTakingOver } from "./stories/take-over.ts";
import { startWorld, type World } from "./support/world.ts";

/** As `npm start` has it: what is written of Helm must be the same there. */
describe("the real helm beside our engine, on the sandbox", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld("sandbox");
  });
  afterAll(() => world?.stop());

  describe("what is stored", () => tellOfStorage(() => world));
  describe("helm works on what we installed", () => tellOfCommands(() => world));
  describe("what helm installed is taken over", () => tellOfTakingOver(() => world));
});
