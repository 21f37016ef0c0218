import type { GoType } from "../go-json-type.ts";
import { checkTypedBody } from "../typed-body.ts";
import type { Validation } from "../validation.ts";

const PAYLOAD: GoType = { fields: { docker_url: "text", updated_tags: { list: "text" } } };

/** Quay signs nothing: the path is the secret. */
export const validateQuay: Validation = (request) => checkTypedBody(request, PAYLOAD);
