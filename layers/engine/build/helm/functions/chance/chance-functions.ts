import { spend } from "../../../work.ts";
import { failure } from "../../go/result.ts";
import { INT, STRING } from "../../go/type.ts";
import { goInt } from "../../go/value.ts";
import { ARG, type GoFunction, goFunction } from "../../template/functions.ts";
import { lettersOf } from "../text/case.ts";
import { createRandomBytes, randomBelow } from "./random-bytes.ts";

const STEPS_OF_LETTER = 100;

/** Go's int, to the last digit. */
const INT_EXACT = { ...ARG.int64, type: INT };

/** `randInt` and `shuffle`. Source: sprig functions.go, xstrings Shuffle. */
export function chanceFunctions(seed: Uint8Array): { readonly [name: string]: GoFunction } {
  const bytes = createRandomBytes(seed, "chance");
  return {
    randInt: goFunction(
      [INT_EXACT, INT_EXACT],
      (least, most) => (most <= least ? failure("invalid argument to Intn") : goInt(least + randomBelow(bytes, most - least))),
      INT,
    ),
    shuffle: goFunction(
      [ARG.string],
      (text) => {
        spend(STEPS_OF_LETTER * text.length);
        const letters = lettersOf(text);
        for (let left = letters.length - 1; left > 0; left--) {
          const other = Number(randomBelow(bytes, BigInt(left + 1)));
          [letters[left], letters[other]] = [letters[other] ?? "", letters[left] ?? ""];
        }
        return letters.join("");
      },
      STRING,
    ),
  };
}
