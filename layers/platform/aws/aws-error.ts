import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { AwsAnswer } from "./exchange.ts";
import { elementText } from "./query-protocol.ts";

/**
 * A service said no, or that it is broken: `name` is its code for that, `message` its words, and nothing is in it of what was asked. Shaped as the errors of
 * the SDK's clients are, so that one judgement (./kept.ts, `isAnswer`; the SDK's own of what is tried again) does for both.
 */
export class AwsError extends Error {
  override readonly name: string;
  readonly $fault: "client" | "server";
  readonly $metadata: { readonly httpStatusCode: number; readonly clockSkewCorrected: boolean };
  /** The service asks not to be asked before. */
  readonly retryAfter: Date | undefined;
  constructor(
    { status, headers, body }: AwsAnswer,
    { clockSkewCorrected, retryAfter }: { readonly clockSkewCorrected: boolean; readonly retryAfter: Date | undefined },
  ) {
    const text = body.toString("utf8");
    const json = parseJson(text);
    const code = codeOf(headers["x-amzn-errortype"]) ?? codeOf(field(json, ["code", "__type", "Code"])) ?? elementText(text, "Code") ?? "UnknownError";
    super(field(json, ["message", "Message"]) ?? elementText(text, "Message") ?? `${code} (HTTP ${status})`);
    this.name = code;
    this.$fault = status < 500 ? "client" : "server";
    this.$metadata = { httpStatusCode: status, clockSkewCorrected };
    this.retryAfter = retryAfter;
  }
}

/** `aws.protocoltests#Code:http://…` is `Code`. Source: Smithy, "AWS restJson1 protocol", Operation error serialization. */
const codeOf = (code: string | undefined): string | undefined => code?.split(":")[0]?.split("#").at(-1) || undefined;

function field(json: Json | undefined, names: readonly string[]): string | undefined {
  if (!isObject(json)) return undefined;
  return names.map((name) => json[name]).find((value) => typeof value === "string");
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
