import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { Sha256 } from "@aws-crypto/sha256-js";
import { CreateAccessEntryCommand, DescribeAccessEntryCommand, DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParametersByPathCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAws, type FakeAws } from "../../../support/aws/create-aws.ts";

let aws: FakeAws;
beforeEach(async () => {
  aws = await createAws();
});
afterEach(() => aws.stop());

describe("one round through each service with the SDK", () => {
  it("S3", async () => {
    aws.s3.createBucket("b");
    const s3 = new S3Client(aws.client);
    await s3.send(new PutObjectCommand({ Bucket: "b", Key: "a b/ü+c(1)", Body: "hello", Metadata: { x: "y" }, IfNoneMatch: "*" }));
    await expect(s3.send(new PutObjectCommand({ Bucket: "b", Key: "a b/ü+c(1)", Body: "other", IfNoneMatch: "*" }))).rejects.toMatchObject({
      name: "PreconditionFailed",
    });
    const got = await s3.send(new GetObjectCommand({ Bucket: "b", Key: "a b/ü+c(1)" }));
    expect(await got.Body?.transformToString()).toBe("hello");
    expect(got.Metadata).toEqual({ x: "y" });
    await s3.send(
      new PutObjectCommand({ Bucket: "b", Key: "stream", Body: Readable.from([Buffer.alloc(70_000, 1), Buffer.alloc(10, 2)]), ContentLength: 70_010 }),
    );
    expect(aws.s3.read("b", "stream")?.length).toBe(70_010);
    const sum = createHash("sha256").update("x").digest("base64");
    await s3.send(new PutObjectCommand({ Bucket: "b", Key: "sum", Body: "x", ChecksumSHA256: sum }));
    const head = await s3.send(new HeadObjectCommand({ Bucket: "b", Key: "sum", ChecksumMode: "ENABLED" }));
    expect(head.ChecksumSHA256).toBe(sum);
    expect((await s3.send(new ListObjectsV2Command({ Bucket: "b" }))).Contents?.map(({ Key }) => Key)).toEqual(["a b/ü+c(1)", "stream", "sum"]);
    await expect(s3.send(new GetObjectCommand({ Bucket: "b", Key: "none" }))).rejects.toMatchObject({ name: "NoSuchKey" });
    await expect(s3.send(new HeadObjectCommand({ Bucket: "b", Key: "none" }))).rejects.toMatchObject({ name: "NotFound" });
  });

  it("SQS, SNS", async () => {
    const queue = aws.sqs.createQueue("q");
    const topic = aws.sns.createTopic("t");
    aws.sns.subscribe(topic, "sqs", aws.sqs.arn("q"), { RawMessageDelivery: "true" });
    const sqs = new SQSClient(aws.client);
    await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: "one", MessageAttributes: { a: { DataType: "String", StringValue: "1" } } }));
    await new SNSClient(aws.client).send(new PublishCommand({ TopicArn: topic, Message: "two" }));
    const got = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queue,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 5,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["All"],
      }),
    );
    expect(got.Messages?.map(({ Body }) => Body)).toEqual(["one", "two"]);
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: got.Messages?.[0]?.ReceiptHandle }));
    expect(aws.sqs.counts("q")).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  });

  it("Secrets Manager, SSM", async () => {
    aws.secrets.put("s", "old");
    aws.secrets.put("s", "new");
    const secrets = new SecretsManagerClient(aws.client);
    expect((await secrets.send(new GetSecretValueCommand({ SecretId: "s" }))).SecretString).toBe("new");
    expect((await secrets.send(new GetSecretValueCommand({ SecretId: "s", VersionStage: "AWSPREVIOUS" }))).SecretString).toBe("old");
    const ssm = new SSMClient(aws.client);
    await ssm.send(new PutParameterCommand({ Name: "/sluice/prod", Value: "{}", Type: "String" }));
    expect((await ssm.send(new GetParametersByPathCommand({ Path: "/sluice" }))).Parameters?.map(({ Name }) => Name)).toEqual(["/sluice/prod"]);
  });

  it("STS, EKS and the authenticator", async () => {
    const role = "arn:aws:iam::111122223333:role/path/apply";
    const sts = new STSClient(aws.client);
    const assumed = await sts.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: "one" }));
    const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "", SessionToken: sessionToken = "" } = assumed.Credentials ?? {};
    const credentials = { accessKeyId, secretAccessKey, sessionToken };
    expect(await new STSClient({ ...aws.client, credentials }).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: "111122223333",
      Arn: "arn:aws:sts::111122223333:assumed-role/apply/one",
    });
    const place = { account: "111122223333" };
    aws.eks.putCluster({ name: "prod", endpoint: "https://127.0.0.1:1", certificateAuthority: "PEM" }, place);
    const eks = new EKSClient({ ...aws.client, credentials });
    expect((await eks.send(new DescribeClusterCommand({ name: "prod" }))).cluster).toMatchObject({
      endpoint: "https://127.0.0.1:1",
      certificateAuthority: { data: btoa("PEM") },
    });
    await expect(new EKSClient(aws.client).send(new DescribeClusterCommand({ name: "prod" }))).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await eks.send(new CreateAccessEntryCommand({ clusterName: "prod", principalArn: role, kubernetesGroups: ["g"] }));
    expect((await eks.send(new DescribeAccessEntryCommand({ clusterName: "prod", principalArn: role }))).accessEntry?.createdAt).toBeInstanceOf(Date);

    const { SignatureV4 } = await import("@smithy/signature-v4");
    const signer = new SignatureV4({ service: "sts", region: "eu-central-1", credentials, sha256: Sha256, applyChecksum: false });
    const hostname = "sts.eu-central-1.amazonaws.com";
    const signed = await signer.presign(
      {
        method: "GET",
        protocol: "https:",
        hostname,
        path: "/",
        query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
        headers: { host: hostname, "x-k8s-aws-id": "prod" },
      },
      { expiresIn: 60 },
    );
    const query = Object.entries(signed.query ?? {}).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
    const token = `k8s-aws-v1.${Buffer.from(`https://${hostname}/?${query.join("&")}`).toString("base64url")}`;
    expect(aws.authenticateToken(token, "prod", place)).toMatchObject({ name: "arn:aws:sts::111122223333:assumed-role/apply/one", groups: ["g"] });
    expect(aws.authenticateToken(token, "other", place)).toBeUndefined();
  });
});
