import { type App, CfnOutput, Stack } from "aws-cdk-lib";
import { hasEntriesIn, OwnAccessStack } from "./access-stack.ts";
import { Alarms } from "./alarms.ts";
import { ArtifactBucket } from "./artifact-bucket.ts";
import { grantChartRegistries } from "./chart-registries.ts";
import { ClusterGate } from "./cluster-gate.ts";
import { ClusterParameter } from "./cluster-parameter.ts";
import { CLUSTER_FUNCTIONS, type ClusterFunction } from "./cluster-plan.ts";
import { grantReach } from "./cluster-reach.ts";
import { Dashboard } from "./dashboard.ts";
import { EventTopic } from "./event-topic.ts";
import { addFunctionAlarms } from "./function-alarms.ts";
import { createFunctions, type SharedFunctions } from "./functions.ts";
import { Notifications } from "./notifications.ts";
import { commandsFor } from "./other-account.ts";
import { createQueues } from "./queues.ts";
import { S3Endpoints } from "./s3-endpoints.ts";
import type { SluiceFunction } from "./sluice-function.ts";
import type { Installation } from "./stack-config.ts";
import { SweepSchedule } from "./sweep-schedule.ts";
import { addSweptAlarm } from "./swept-alarm.ts";
import { Undelivered } from "./undelivered.ts";
import { WebhookApi } from "./webhook-api.ts";
import { WebhookSecret } from "./webhook-secret.ts";

/** Which functions' access entries stand in which nested stack. That one is another stack for an entry that it moves to: they are not to be moved. */
const ACCESS_STACKS: { readonly [id: string]: readonly ClusterFunction[] } = { Access: ["source", "apply", "sweep"], MessageAccess: ["notify", "receiver"] };

/**
 * One installation. Read it as the way of a push: webhook -> source -> artifacts -> apply -> events -> notify -> deliveries -> notify, and beside it the clock:
 * schedule -> sweep -> source, apply; and what others ask for: receiver -> source, apply. Who may do what is said by the `grant…` lines, and nowhere else.
 */
export class SluiceStack extends Stack {
  readonly functions: SharedFunctions;
  /** None where no cluster is in the installation's own account and region. */
  readonly access: OwnAccessStack[] = [];

  constructor(app: App, installation: Installation) {
    const { stackName, account, region, clusters } = installation;
    super(app, stackName, {
      stackName,
      env: { ...(account !== undefined && { account }), region },
      description: "Sluice: Flux's GitOps reconciliation for EKS without a controller in the cluster",
    });

    const alarms = new Alarms(this, "Alarms", installation);
    const functions = createFunctions(this, installation);
    this.functions = functions;
    const { webhook, source, apply, sweep, notify, receiver } = functions;
    const queues = createQueues(this, functions, alarms);

    const secret = new WebhookSecret(this, "WebhookSecret");
    secret.grantRead(webhook);
    const api = new WebhookApi(this, "WebhookApi", { installation, webhook, receiver, alarms });

    const bucket = new ArtifactBucket(this, "Artifacts");
    bucket.grantWriteArtifacts(source);
    bucket.grantReadArtifacts(apply);
    bucket.grantReadArtifacts(sweep);
    bucket.grantWriteRenders(apply);
    bucket.grantReadRenders(sweep);
    bucket.grantWriteIndexes(source);
    bucket.grantReadIndexes(sweep);
    bucket.grantNotes(notify);
    for (const fn of [apply, sweep]) bucket.grantWriteReceivers(fn);
    bucket.grantReadReceivers(receiver);

    grantChartRegistries(source, installation.ecrRepositories, { pull: true });
    grantChartRegistries(sweep, installation.ecrRepositories, { pull: false });

    const events = new EventTopic(this, "Events");
    for (const fn of [source, apply]) events.grantPublish(fn);
    events.name(sweep);
    const unheard = new Undelivered(this, "UnheardEvents", {
      name: "events",
      description: "Events of Flux could not be handed to the function notify, or it failed on each of three tries.",
      fn: notify,
      alarms,
    });
    events.subscribe(notify, unheard);
    const notifications = new Notifications(this, "Notifications", { config: installation.notify, notify, alarms });

    const missed = new Undelivered(this, "MissedTicks", {
      name: "ticks",
      description:
        "Minutes of the clock could not be handed to the function sweep, or it failed on each of three tries: what was due then comes an interval late.",
      fn: sweep,
      alarms,
    });
    new SweepSchedule(this, "Clock", { sweep, undelivered: missed, isNeeded: clusters.length > 0 });

    const gates = this.#reachClusters(installation, functions, bucket);
    const all: readonly SluiceFunction[] = [...Object.values(functions), ...gates.map(({ fn }) => fn)];
    for (const fn of all) addFunctionAlarms(alarms, fn, { hasOwn: fn === webhook });
    for (const { name: cluster } of clusters) {
      addSweptAlarm(alarms, cluster);
      const gate = gates.filter((one) => one.cluster === cluster).map(({ fn }) => fn);
      const told = { source: queues.source, apply: queues.apply, webhookUrl: api.url, webhookSecret: secret };
      new ClusterParameter(this, `Parameter${cluster}`, { cluster, ...told, functions: [...Object.values(functions), ...gate] });
    }
    const dashboard = new Dashboard(this, "Dashboard", {
      stackName,
      alarms,
      api,
      functions: all,
      queues: Object.values(queues),
      undelivered: [unheard.queue, missed.queue],
    });

    this.#say("WebhookUrl", api.url, "Where GitHub delivers pushes");
    this.#say("WebhookSecretArn", secret.secret.secretArn, "What GitHub signs its deliveries with");
    this.#say("ReceiverUrl", api.receiverUrl, "What stands before a Receiver's status.webhookPath");
    this.#say("EventTopicArn", events.topic.topicArn, "Flux's events: subscribe to it");
    if (notifications.amazonQ !== undefined) this.#say("AmazonQTopicArn", notifications.amazonQ.topicArn, "For a channel of Amazon Q Developer");
    this.#say("ArtifactBucketName", bucket.bucket.bucketName, "Artifacts, renders and notes; it stays when the stack is deleted");
    this.#say("DashboardUrl", dashboard.url, "How Sluice is");
    for (const [index, cluster] of clusters.entries()) {
      if (cluster.roleArns !== undefined)
        this.#say(`CommandsFor${index}`, commandsFor(installation, cluster), `To type in the account of cluster ${cluster.name}`);
    }
  }

  /** The access entries of this region, the gates, and the rights to find and call both. */
  #reachClusters(installation: Installation, functions: SharedFunctions, bucket: ArtifactBucket): readonly ClusterGate[] {
    const { clusters, region } = installation;
    if (clusters.some((cluster) => hasEntriesIn(region, cluster))) {
      for (const [id, names] of Object.entries(ACCESS_STACKS)) {
        const access = new OwnAccessStack(this, id, installation, names);
        for (const name of names) access.node.addDependency(functions[name].role);
        this.access.push(access);
      }
    }
    new S3Endpoints(this, "S3Endpoints", clusters);
    const gates = clusters.flatMap(({ name: cluster, private: network }) =>
      network === undefined ? [] : [new ClusterGate(this, `Gate${cluster}`, { installation, cluster, network, bucket })],
    );
    for (const name of CLUSTER_FUNCTIONS) {
      const fn = functions[name];
      grantReach(fn, name, clusters);
      for (const gate of gates) gate.grantInvoke(fn);
      if (gates.length > 0) bucket.grantTakeAnswers(fn);
    }
    return gates;
  }

  #say(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}
