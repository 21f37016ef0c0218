import type { GoValue } from "./value.ts";

/** The error that a function ends with instead of a value: the text of Go's error, without the name of the function. */
export type GoFailure = { readonly go: "failure"; readonly message: string };

export type GoResult = GoValue | GoFailure;

export const failure = (message: string): GoFailure => ({ go: "failure", message });

export const isFailure = (result: GoResult | undefined): result is GoFailure => typeof result === "object" && result !== null && result.go === "failure";

/**
 * For where Go panics deep inside of a function (`runtime error: integer divide by zero`). A template says of it what it says of an error, so that a function
 * may throw this where a value is too far from the way out. Whatever else is thrown is a bug of ours.
 */
export class GoPanic extends Error {
  override readonly name = "GoPanic";
}
