import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { type Failure, notAcceptable } from "./status.ts";

/** In which form an object is wanted: as it is, as a row of a table, or its metadata alone. */
export type Form = "object" | "table" | "metadata";
export type Accepted = { readonly mediaType: "application/json" | "application/yaml"; readonly form: Form };

const REPRESENTATIONS = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
const FORMS: { readonly [as: string]: Form } = {
  Table: "table",
  PartialObjectMetadata: "metadata",
  PartialObjectMetadataList: "metadata",
};

/** The first of the client's ranges that we can answer; protobuf is passed over where JSON is allowed, too. Source: apiserver negotiation. */
export function negotiate(accept: string | undefined): Result<Accepted, Failure> {
  const ranges = (accept ?? "").split(",").map((range) => range.trim());
  if (accept === undefined || accept.trim() === "") return ok({ mediaType: "application/json", form: "object" });
  for (const range of ranges) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
    const values = Object.fromEntries(parameters.map((parameter) => parameter.split("=", 2)));
    const mediaType = mediaTypeFor(type.toLowerCase());
    if (mediaType === undefined) continue;
    const as: unknown = values.as;
    const form = typeof as === "string" ? FORMS[as] : "object";
    if (form === undefined || (form !== "object" && (values.g !== "meta.k8s.io" || (values.v !== "v1" && values.v !== "v1beta1")))) continue;
    return ok({ mediaType, form });
  }
  return problem({ ...notAcceptable(`406: Not Acceptable\n\nAvailable representations: ${REPRESENTATIONS}`), details: {} });
}

function mediaTypeFor(type: string): Accepted["mediaType"] | undefined {
  if (type === "application/yaml") return "application/yaml";
  return type === "application/json" || type === "*/*" || type === "application/*" ? "application/json" : undefined;
}
