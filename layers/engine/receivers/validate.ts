import type { Result } from "../domain/result.ts";
import { problem } from "../domain/result.ts";
import type { ReceiverType } from "../flux/receiver-object.ts";
import { tokenOf } from "./receiver-secret.ts";
import { validateAcr } from "./types/acr.ts";
import { validateBitbucket } from "./types/bitbucket.ts";
import { validateCdevents } from "./types/cdevents.ts";
import { validateDockerhub } from "./types/dockerhub.ts";
import { validateGcr } from "./types/gcr.ts";
import { validateGeneric } from "./types/generic.ts";
import { validateGenericHmac } from "./types/generic-hmac.ts";
import { validateGenericOidc } from "./types/generic-oidc.ts";
import { validateGithub } from "./types/github.ts";
import { validateGitlab } from "./types/gitlab.ts";
import { validateHarbor } from "./types/harbor.ts";
import { validateNexus } from "./types/nexus.ts";
import { validateQuay } from "./types/quay.ts";
import type { Accepted, Validation, ValidationContext } from "./validation.ts";
import type { WebhookRequest } from "./webhook-request.ts";

const VALIDATIONS: { readonly [Type in ReceiverType]: Validation } = {
  generic: validateGeneric,
  "generic-hmac": validateGenericHmac,
  "generic-oidc": validateGenericOidc,
  github: validateGithub,
  gitlab: validateGitlab,
  bitbucket: validateBitbucket,
  harbor: validateHarbor,
  dockerhub: validateDockerhub,
  quay: validateQuay,
  gcr: validateGcr,
  nexus: validateNexus,
  acr: validateAcr,
  cdevents: validateCdevents,
};

/** Only the token says who sends. An empty one, with which anybody can sign and whose path anybody can work out, lets nobody in; Flux's lets everybody. */
const PROVED_BY_TOKEN: ReadonlySet<ReceiverType> = new Set(["generic-hmac", "github", "gitlab", "bitbucket", "harbor", "nexus"]);

/** Whether the request comes from whom the Receiver is for, by the rules of its type. Source: reference 4.4. */
export async function validate(request: WebhookRequest, context: ValidationContext): Promise<Result<Accepted>> {
  const { type } = context.spec;
  if (PROVED_BY_TOKEN.has(type) && tokenOf(context.secret).length === 0) return problem("the token in the Secret is empty");
  return VALIDATIONS[type](request, context);
}
