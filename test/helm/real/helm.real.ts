import { afterAll, beforeAll, describe } from "vitest";
import { tellOfStorage } from "./stories/storage.ts";
import { startWorld, type World } from "./support/world.ts";

describe("the real helm beside our engine, on a real API server", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld("real");
  });
  afterAll(() => world?.stop());

  describe("what is stored", () => tellOfStorage(() => world));
});
