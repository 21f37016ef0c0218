import { AwsProblem } from "../../aws/answer.ts";
import { FunctionError, type RunFunction } from "../../aws/lambda/lambda.ts";
import type { LambdaFunction } from "../function.ts";

/** How the AWS fake invokes functions of the harness: for Lambda's API, and for what SNS and the Scheduler deliver. */
export const runFunctions =
  (find: (name: string) => LambdaFunction | undefined): RunFunction =>
  async (name, event) => {
    const target = find(name);
    if (target === undefined) throw new AwsProblem("ResourceNotFoundException", `Function not found: ${name}`, { status: 404 });
    const end = await target.invoke(event);
    switch (end.kind) {
      case "answered":
        return JSON.parse(end.payload);
      case "failed":
        throw new FunctionError({ ...end.error });
      case "throttled":
        throw new AwsProblem("TooManyRequestsException", "Rate Exceeded.", { status: 429 });
      case "too-large":
        throw new AwsProblem("RequestTooLargeException", "Request must be smaller than 6291456 bytes for the InvokeFunction operation", { status: 413 });
    }
  };
