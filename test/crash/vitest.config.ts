import { defineConfig } from "vitest/config";

/** `npm run test:crash`: passes that are cut off at every call, which takes too long for `npm test`. */
export default defineConfig({ test: { include: ["test/crash/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 60_000, update: "none" } });
