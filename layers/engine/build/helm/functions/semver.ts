import { parseLooseVersion } from "../../../source/loose-version.ts";
import { isInRange, parseRange } from "../../../source/semver.ts";
import { spend } from "../../work.ts";
import { failure } from "../go/result.ts";
import { BOOL } from "../go/type.ts";
import { ARG, type GoFunction, goFunction } from "../template/functions.ts";
import { VERSION_POINTER, versionPointer } from "./semver/version-type.ts";

const STEPS_OF_LETTER = 100;
const STEPS_OF_VERSION = 2_000;
const MAX_UINT64 = 2n ** 64n - 1n;

const fits = (digits: string): boolean => digits.length <= 20 && BigInt(digits) <= MAX_UINT64;

/** sprig's `semver` and `semverCompare`. Source: sprig semver.go; Masterminds/semver 3.5. */
export function createSemverFunctions(): ReadonlyMap<string, GoFunction> {
  return new Map<string, GoFunction>([
    [
      "semver",
      goFunction(
        [ARG.string],
        (text) => {
          spend(STEPS_OF_VERSION + STEPS_OF_LETTER * text.length);
          const version = parseLooseVersion(text);
          return version.ok ? versionPointer(version.value) : failure(version.problem);
        },
        VERSION_POINTER,
      ),
    ],
    [
      "semverCompare",
      goFunction(
        [ARG.string, ARG.string],
        (constraint, text) => {
          spend(STEPS_OF_LETTER * (1 + constraint.length) + text.length);
          const range = parseRange(constraint);
          if (!range.ok) return failure(range.problem);
          const isTooLarge = range.value.some(({ comparisons }) =>
            comparisons.some(({ version: { major, minor, patch } }) => ![major, minor, patch].every(fits)),
          );
          if (isTooLarge) return failure("constraint parser error");
          const version = parseLooseVersion(text);
          return version.ok ? isInRange(range.value, version.value) : failure(version.problem);
        },
        BOOL,
      ),
    ],
  ]);
}
