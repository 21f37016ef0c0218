import { describe, expect, it } from "vitest";
import { fileProblem } from "../../../lib/file-problem.ts";

describe("fileProblem", () => {
  it.each([
    ["EACCES", "open /x: permission denied"],
    ["ENOTDIR", "open /x: not a directory"],
    ["EISDIR", "read /x: is a directory"],
    ["EIO", "open /x: EIO"],
  ])("%s: %s", (code, said) => expect(fileProblem("/x", Object.assign(new Error("no"), { code }))).toBe(said));
});
