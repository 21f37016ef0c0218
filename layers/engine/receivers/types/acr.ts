import type { GoType } from "../go-json-type.ts";
import { checkTypedBody } from "../typed-body.ts";
import type { Validation } from "../validation.ts";

const PAYLOAD: GoType = { fields: { action: "text", target: { fields: { repository: "text", tag: "text" } } } };

/** Azure's registry signs nothing: the path is the secret. */
export const validateAcr: Validation = (request) => checkTypedBody(request, PAYLOAD);
