import type { Result } from "../domain/result.ts";
import type { ReceiverType } from "../flux/receiver-object.ts";
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

/** Whether the request comes from whom the Receiver is for, by the rules of its type. Source: reference 4.4. */
export const validate = async (request: WebhookRequest, context: ValidationContext): Promise<Result<Accepted>> =>
  VALIDATIONS[context.spec.type](request, context);
