import type { GoType } from "../go-json-type.ts";
import { checkTypedBody } from "../typed-body.ts";
import type { Validation } from "../validation.ts";

const PAYLOAD: GoType = { fields: { push_data: { fields: { tag: "text" } }, repository: { fields: { repo_url: "text" } } } };

/** Docker Hub signs nothing: the path is the secret. */
export const validateDockerhub: Validation = (request) => checkTypedBody(request, PAYLOAD);
