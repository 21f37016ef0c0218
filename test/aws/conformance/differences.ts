/** Where moto does otherwise than our fake, and why ours is right. */
export type Difference = {
  readonly id: string;
  /** Exactly what moto gives. */
  readonly moto: string;
  readonly why: string;
};

/** Of moto 5.2.5 (requirements.txt). One that is gone with a newer moto fails the run: then its entry goes, too. */
export const DIFFERENCES: readonly Difference[] = [
  {
    id: "s3: a checksum that does not fit",
    moto: "ok, ok",
    why: "S3 compares the checksum with the bytes and refuses with BadDigest (S3 User Guide, Checking object integrity); moto stores what it gets. Our artifact store relies on the refusal.",
  },
  {
    id: "s3: a checksum comes back when asked for",
    moto: "undefined",
    why: "x-amz-checksum-mode ENABLED returns the checksum of the upload (S3 API, HeadObject); moto keeps it only when the SDK computed it.",
  },
  {
    id: "s3: CRC32 of a known text",
    moto: "undefined",
    why: "As above: a checksum that the caller gives is stored and returned.",
  },
  {
    id: "s3: CRC32C of a known text",
    moto: "undefined",
    why: "As above.",
  },
  {
    id: "s3: CRC64NVME of a known text",
    moto: "undefined",
    why: "As above.",
  },
  {
    id: "s3: SHA1 of a known text",
    moto: "undefined",
    why: "As above.",
  },
  {
    id: "s3: a key of more than 1024 bytes",
    moto: "ok, ok",
    why: "Keys have at most 1,024 bytes in UTF-8 (S3 User Guide, Naming objects); moto has no limit.",
  },
  {
    id: "s3: metadata of more than 2 KB",
    moto: "ok",
    why: "User metadata is limited to 2 KB (S3 User Guide, Working with object metadata); moto's limit counts otherwise.",
  },
  {
    id: "sqs: an old receipt handle does not delete a message that was received again",
    moto: "ok 0",
    why: "One must use the latest receipt handle, else the request succeeds and the message might not be deleted (SQS API, DeleteMessage); ours is the hard case, moto the kind one.",
  },
  {
    id: "sqs: visibility of a message that is not in flight, or gone",
    moto: "ok, ReceiptHandleIsInvalid 400",
    why: "MessageNotInflight is documented for the first (SQS API, ChangeMessageVisibility); for the second SQS refuses the handle as a value, since it is well-formed. moto forgets handles.",
  },
  {
    id: "sqs: attributes count as size",
    moto: "ok",
    why: "Names, types and values of attributes are part of the size (SQS Developer Guide, Message quotas); moto counts the body.",
  },
  {
    id: "sqs: characters that no message has",
    moto: "ok",
    why: "Only the characters of XML 1.0 are allowed (SQS API, SendMessage, MessageBody); moto takes all.",
  },
  {
    id: "sqs: a dedupe id in a standard queue",
    moto: "ok",
    why: "MessageDeduplicationId applies to FIFO queues only (SQS API, SendMessage); moto ignores it, which would hide a queue of the wrong kind.",
  },
  {
    id: "sqs: what was received often enough goes to the dead-letter queue",
    moto: "x x - x from nowhere",
    why: "A dead letter carries DeadLetterQueueSourceArn (SQS API, ReceiveMessage, MessageSystemAttributeNames); moto does not set it.",
  },
  {
    id: "sqs: making a queue again, and otherwise",
    moto: "same, QueueNameExists 400, ok",
    why: "DelaySeconds is an integer from 0 to 900 (SQS API, CreateQueue); moto checks it when sending only.",
  },
  {
    id: "fifo: ids of 129 characters, or with spaces",
    moto: "ok ok ok ok",
    why: "Up to 128 alphanumeric characters and punctuation (SQS API, SendMessage, MessageGroupId and MessageDeduplicationId); moto takes all. This is why group ids are hashed.",
  },
  {
    id: "fifo: the same id is swallowed, with the first message's id in the answer",
    moto: "another id, a",
    why: "Both accept and do not deliver the second, as documented; which MessageId is answered AWS does not document. Ours is the first one's; nothing in Sluice reads it.",
  },
  {
    id: "fifo: also after the first was deleted",
    moto: "b",
    why: "The deduplication interval of five minutes goes on after the message was received and deleted (SQS Developer Guide, Using the message deduplication ID); moto compares with what is in the queue.",
  },
  {
    id: "fifo: the window is the queue's, or the group's",
    moto: "queue: a, group: a",
    why: "DeduplicationScope messageGroup (SQS Developer Guide, High throughput for FIFO queues); moto knows only the queue's.",
  },
  {
    id: "fifo: what was not deleted comes first again",
    moto: "ab b",
    why: "Within a group no message overtakes another (SQS Developer Guide, FIFO delivery logic); moto gives the second without the first.",
  },
  {
    id: "fifo: a receipt handle that has run out",
    moto: "ok",
    why: "In a FIFO a message can be deleted only within its visibility timeout (SQS Developer Guide, Exactly-once processing); moto takes any handle.",
  },
  {
    id: "secrets: what is not there",
    moto: "ResourceNotFoundException 404, ResourceNotFoundException 404, ResourceNotFoundException 404",
    why: "Same code; the API reference says HTTP 400 for ResourceNotFoundException (Secrets Manager API, GetSecretValue), moto 404.",
  },
  {
    id: "ssm: a value of more than 4 KB",
    moto: "ok, ok",
    why: "Standard parameters hold 4 KB (Systems Manager User Guide, Managing parameter tiers); moto has that limit for other operations only.",
  },
  {
    id: "sts: for how long, and by which name",
    moto: "ok, ok, ok",
    why: "900 s to 43,200 s, and names of [\\w+=,.@-]{2,64} (STS API, AssumeRole); moto checks neither.",
  },
  {
    id: "sts: credentials that nobody has",
    moto: "ok",
    why: "moto verifies no signature and knows no access keys; AWS does (IAM User Guide, Troubleshoot SigV4).",
  },
  {
    id: "sts: a wrong secret",
    moto: "ok",
    why: "As above.",
  },
  {
    id: "logs: streams of a group are searched together, in the order of time",
    moto: "1 3 2 4",
    why: "Since 2019 events of all streams are interleaved, whatever `interleaved` says (CloudWatch Logs API, FilterLogEvents); moto still has the old default.",
  },
  {
    id: "logs: of one stream",
    moto: "2, 1 2",
    why: "logStreamNamePrefix limits the streams (CloudWatch Logs API, FilterLogEvents); moto ignores it.",
  },
  {
    id: "logs: filter by terms",
    moto: "one two / one two, two three / - / one two, two three one",
    why: "`-term` excludes and `?a ?b` is either (CloudWatch Logs User Guide, Filter pattern syntax); moto does otherwise.",
  },
  {
    id: "logs: filter by members of JSON",
    moto: '{"level":"error","ms":5} {"level":"info","ms":9} no JSON / {"level":"error","ms":5} {"level":"info","ms":9} no JSON / {"level":"error","ms":5} {"level":"info","ms":9} no JSON',
    why: "`{ $.member = … }` compares members (same page); moto takes every event for such patterns.",
  },
  {
    id: "logs: a term with signs that is not quoted",
    moto: "ok",
    why: "Terms with other signs than letters, digits and underscores stand in double quotes (same page); moto takes all.",
  },
  {
    id: "logs: events in wrong order, and of too many hours",
    moto: "InvalidParameterException 400, ok",
    why: "A batch may not span more than 24 hours (CloudWatch Logs API, PutLogEvents); moto does not check it.",
  },
];
