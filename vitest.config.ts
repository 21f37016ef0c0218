import { defineConfig } from "vitest/config";

/** `npm test`: everything that needs neither a real API server nor minutes. The longer suites have configurations of their own in test/. */
export default defineConfig({
  test: {
    include: ["test/unit/**/*.test.ts", "test/golden/**/*.test.ts", "test/contract/**/*.test.ts", "test/e2e/**/*.test.ts", "test/stack/**/*.test.ts"],
    // One for each processor, where Vitest would leave one to itself: on two processors that is half of the time.
    maxWorkers: "100%",
    testTimeout: 30_000,
    hookTimeout: 60_000,
    update: "none",
  },
});
