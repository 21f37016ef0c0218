export type Settled = { readonly kind: "done" } | { readonly kind: "failed"; readonly error: unknown };

/** How a run ended; one that the function's time ends is cut off like any other. */
export async function settle(run: Promise<void>, signal: AbortSignal): Promise<Settled> {
  let onAbort = (): void => undefined;
  const ended = new Promise<Settled>((done) => {
    onAbort = () => done({ kind: "failed", error: new Error("the time for it is over") });
  });
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  const settled = await Promise.race([
    run.then(
      (): Settled => ({ kind: "done" }),
      (error: unknown): Settled => ({ kind: "failed", error }),
    ),
    ended,
  ]);
  signal.removeEventListener("abort", onAbort);
  return settled;
}
