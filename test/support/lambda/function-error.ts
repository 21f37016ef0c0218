/** How a function failed, as the payload of a failed invocation says it. */
export type FunctionError = { readonly errorType: string; readonly errorMessage: string; readonly trace?: readonly string[] };

/** What the runtime posted about an error. */
export function parseFunctionError(text: string): FunctionError {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) throw new Error(`the runtime posted no error: ${text.slice(0, 200)}`);
  const field = (name: string): unknown => Object.entries(value).find(([key]) => key === name)?.[1];
  const trace = field("trace");
  return {
    errorType: String(field("errorType") ?? "Error"),
    errorMessage: String(field("errorMessage") ?? ""),
    ...(Array.isArray(trace) && { trace: trace.map(String) }),
  };
}

/** Source: what Lambda answers to an invocation whose time is up. */
export const timedOut = (requestId: string, timeoutMs: number): FunctionError => ({
  errorType: "Sandbox.Timedout",
  errorMessage: `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
});

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** Source: what Lambda answers when the process of the runtime ends during an invocation. */
export function exited(requestId: string, { code, signal }: Exit): FunctionError {
  const words = signal === "SIGKILL" ? "signal: killed" : signal !== null ? `signal: ${signal}` : `exit status ${code}`;
  const message = code === 0 ? "Runtime exited without providing a reason" : `Runtime exited with error: ${words}`;
  return { errorType: "Runtime.ExitError", errorMessage: `RequestId: ${requestId} Error: ${message}` };
}
