import { ENV_ARTIFACT_BUCKET } from "@sluice/platform/lambda/environment.ts";
import { CfnElement, Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { SluiceFunction } from "./sluice-function.ts";

/** What lies in the bucket, by the beginning of its key. Source: layers/platform/s3. */
type Prefix = "artifacts" | "renders" | "indexes" | "gate" | "notes" | "receivers";
type Action = "s3:GetObject" | "s3:PutObject" | "s3:DeleteObject";

/** An artifact that a source still has is written anew when it is a week old (layers/platform/s3/artifact-store.ts), so this is for what nobody asks for. */
const ARTIFACT_DAYS = 90;
/** A lost render costs one build, a lost part of an index reading it once. */
const RENDER_DAYS = 30;
const GATE_DAYS = 1;
/** Events are told apart for minutes, deliveries tried for less than an hour; a failure whose recovery is to be told of may last. */
const NOTE_DAYS = 14;
/** Each is written anew once a day by the sweep of its cluster, so this is for what no cluster has any more. */
const RECEIVER_DAYS = 30;

/**
 * Artifacts, renders, parts of the indexes of Helm repositories, the answers of gates that are too long for an invocation, notes of what was notified, and which webhook is whose.
 *
 * Not versioned: artifacts are named by their content and verified by whoever reads them, renders by what went into them; a version would only keep what
 * the lifecycle is to remove. Encrypted by S3's own keys: what lies here is what stands in Git, and values of Secrets never do (security.md).
 */
export class ArtifactBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: false,
      // It stays when the stack goes: CloudFormation removes no bucket with objects in it, and a function that empties it could empty any.
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { id: "unused-artifacts", prefix: "artifacts/", expiration: Duration.days(ARTIFACT_DAYS) },
        { id: "renders", prefix: "renders/", expiration: Duration.days(RENDER_DAYS) },
        { id: "parts-of-indexes", prefix: "indexes/", expiration: Duration.days(RENDER_DAYS) },
        { id: "answers-of-gates", prefix: "gate/", expiration: Duration.days(GATE_DAYS) },
        { id: "notes", prefix: "notes/", expiration: Duration.days(NOTE_DAYS) },
        { id: "receivers", prefix: "receivers/", expiration: Duration.days(RECEIVER_DAYS) },
        { id: "incomplete-uploads", abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "Only functions of this stack may read it and what they read is verified by its name; a log of each request would cost more than the bucket. Who wants one turns on CloudTrail's data events",
    });
  }

  /** Artifacts: fetched, kept and, where one is damaged, removed. */
  grantWriteArtifacts(fn: SluiceFunction): void {
    this.#grant(fn, "artifacts", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]);
  }

  grantReadArtifacts(fn: SluiceFunction): void {
    this.#grant(fn, "artifacts", ["s3:GetObject"]);
  }

  grantReadRenders(fn: SluiceFunction): void {
    this.#grant(fn, "renders", ["s3:GetObject"]);
  }

  grantWriteRenders(fn: SluiceFunction): void {
    this.#grant(fn, "renders", ["s3:GetObject", "s3:PutObject"]);
  }

  grantReadIndexes(fn: SluiceFunction): void {
    this.#grant(fn, "indexes", ["s3:GetObject"]);
  }

  /** Apart from renders: what fetches from servers of tenants must not say what is applied. */
  grantWriteIndexes(fn: SluiceFunction): void {
    this.#grant(fn, "indexes", ["s3:GetObject", "s3:PutObject"]);
  }

  /** What was sent, and which failures are known. */
  grantNotes(fn: SluiceFunction): void {
    this.#grant(fn, "notes", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]);
  }

  /** Whose a webhook's path is. */
  grantWriteReceivers(fn: SluiceFunction): void {
    this.#grant(fn, "receivers", ["s3:GetObject", "s3:PutObject"]);
  }

  grantReadReceivers(fn: SluiceFunction): void {
    this.#grant(fn, "receivers", ["s3:GetObject"]);
  }

  /** An answer is read once, and removed by whom it was for. */
  grantTakeAnswers(fn: SluiceFunction): void {
    this.#grant(fn, "gate", ["s3:GetObject", "s3:DeleteObject"]);
  }

  /** All that a gate may do with anything of AWS. */
  grantWriteAnswers(fn: SluiceFunction): void {
    fn.allow({ actions: ["s3:PutObject"], resources: [this.bucket.arnForObjects("gate/*")] });
    this.#acknowledge(fn, "gate");
    fn.tell(ENV_ARTIFACT_BUCKET, this.bucket.bucketName);
  }

  #grant(fn: SluiceFunction, prefix: Prefix, actions: readonly Action[]): void {
    fn.allow({ actions: [...actions], resources: [this.bucket.arnForObjects(`${prefix}/*`)] });
    // Without it S3 answers 403 instead of 404 for what is not there, and "lost" could not be told from "forbidden".
    fn.allow({ actions: ["s3:ListBucket"], resources: [this.bucket.bucketArn] });
    this.#acknowledge(fn, prefix);
    fn.tell(ENV_ARTIFACT_BUCKET, this.bucket.bucketName);
  }

  /** The `*` at the end of a key's beginning is what keeps a function to its part of the bucket. */
  #acknowledge(fn: SluiceFunction, prefix: Prefix): void {
    const { defaultChild } = this.bucket.node;
    const bucket = CfnElement.isCfnElement(defaultChild) ? defaultChild.logicalId : "";
    Validations.of(fn.role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${Stack.of(this).resolve(bucket)}.Arn>/${prefix}/*]`,
      reason: `Objects have names that nobody knows beforehand: ${fn.name} may use those below ${prefix}/, and nothing else there`,
    });
  }
}
