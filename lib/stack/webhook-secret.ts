import { ENV_WEBHOOK_SECRET } from "@sluice/platform/lambda/environment.ts";
import { Validations } from "aws-cdk-lib";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { SluiceFunction } from "./sluice-function.ts";

/** GitHub cuts nothing off, and signs with SHA-256: more characters than bits of that would add nothing. */
const LENGTH = 48;

/**
 * What GitHub signs its deliveries with: made by Secrets Manager, seen by nobody, read by the webhook in its current and its previous version. It has no
 * name of its own, since the name of a secret that was removed stays taken for weeks.
 */
export class WebhookSecret extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.secret = new Secret(this, "Secret", {
      description: "What GitHub signs its deliveries to Sluice with",
      generateSecretString: { passwordLength: LENGTH, excludePunctuation: true },
    });
    Validations.of(this.secret).acknowledge({
      id: "AwsSolutions-SMG4",
      reason:
        "Its other half is at GitHub, in each repository's webhook: a rotation that no one tells GitHub of would only break the deliveries. docs/aws.md says how a person rotates it without losing one",
    });
  }

  grantRead(fn: SluiceFunction): void {
    fn.allow({ actions: ["secretsmanager:GetSecretValue"], resources: [this.secret.secretArn] });
    fn.tell(ENV_WEBHOOK_SECRET, this.secret.secretArn);
  }
}
