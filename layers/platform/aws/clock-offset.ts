/** How far a service's clock is ahead of ours, learnt from the Date of its answers. */
export type ClockOffset = {
  /** Milliseconds. */
  get(): number;
  /** True when the request was signed at a time that the service may refuse for it, and the next one will not be. */
  learn(answer: { readonly date: string | undefined; readonly age: string | undefined; readonly sentAt: number; readonly signedWith: number }): boolean;
};

/** Signatures are good for five minutes around the service's time; this is when the SDK, too, thinks that a clock was the reason. */
const SKEWED_MS = 240_000;
/** What comes so late was dated when the answer was made, not when it arrived: a sandbox of Lambda was frozen in between. */
const TOO_LATE_MS = 900_000;

/** The rules are those of the SDK's clients. Source: @aws-sdk/core, httpAuthSchemes. */
export function createClockOffset(now: () => number): ClockOffset {
  let offset = 0;
  return {
    get: () => offset,
    learn: ({ date, age, sentAt, signedWith }) => {
      const theirs = Date.parse(date ?? "");
      if (age !== undefined || Number.isNaN(theirs) || now() - sentAt > TOO_LATE_MS) return false;
      offset = theirs - now();
      return Math.abs(offset - signedWith) >= SKEWED_MS;
    },
  };
}
