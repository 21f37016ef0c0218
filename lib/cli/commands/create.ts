import { createHash, randomBytes } from "node:crypto";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { Failure } from "../failure.ts";
import { flagsOf } from "../flags.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { parseLabels } from "../label-flags.ts";
import { refusalFailure } from "../list-objects.ts";
import { renderNewSecret } from "../render/exported.ts";

type Flags = GlobalFlags & {
  readonly export?: boolean;
  readonly label?: readonly string[];
  readonly type?: string;
  readonly hostname?: string;
  readonly emailClaim?: string;
  readonly audienceClaim?: string;
};

/** Those whose Receivers have a token; generic-oidc has none. */
const RECEIVER_TYPES = ["generic", "generic-hmac", "github", "gitlab", "bitbucket", "harbor", "dockerhub", "quay", "gcr", "nexus", "acr", "cdevents"];
/** Where people find the address to register: the engine does not read it. */
const WEBHOOK_ANNOTATION = "notification.toolkit.fluxcd.io/webhook";
const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const TOKEN_BYTES = 32;

export const createCommand = (cli: Cli): Command =>
  new Command("create").summary("Create or update resources").addCommand(new Command("secret").summary("Create or update Secrets").addCommand(receiver(cli)));

const receiver = (cli: Cli): Command =>
  new Command("receiver")
    .summary("Create or update the Secret of a Receiver")
    .description("Makes a Secret with the token of a Receiver, and in an annotation the address to register at whoever sends.")
    .argument("[name...]", "the name of Secret and Receiver")
    .option("--type <type>", `the Receiver's type: ${RECEIVER_TYPES.join("|")}`, checkedType)
    .option("--hostname <string>", "the host of the address, e.g. sluice.example.com")
    .option("--token <string>", "the token that requests are checked with (default: a new random one)")
    .option("--email-claim <string>", "the e-mail address of the IAM service account, for gcr")
    .option("--audience-claim <string>", "the audience of Google's token, for gcr (default: the address)")
    .option(
      "--label <strings>",
      "labels of the Secret, key=value with commas between them; may be repeated",
      (text: string, before: readonly string[] = []) => [...before, ...text.split(",")],
    )
    .option("--export", "write the Secret to stdout as YAML instead of into the cluster")
    .action(async (names: string[], _: unknown, self: Command) => createReceiverSecret(cli, names[0], flagsOf<Flags>(self)));

function checkedType(type: string): string {
  if (RECEIVER_TYPES.includes(type)) return type;
  throw new Failure(`invalid argument "${type}" for "--type" flag: receiver type '${type}' is not supported, must be one of: ${RECEIVER_TYPES.join(", ")}`);
}

/** Source: `flux create secret receiver` 2.9.5; reference appendix H. */
async function createReceiverSecret(cli: Cli, name: string | undefined, given: Flags): Promise<void> {
  // Here --token is the Receiver's, and no key to the API server.
  const { token: givenToken, ...flags } = given;
  const settings = await cli.settings(flags);
  if (name === undefined) throw new Failure("name is required");
  if (!NAME.test(name)) {
    throw new Failure(`name '${name}' is invalid, it should adhere to standard defined in RFC 1123, the name can only contain alphanumeric characters or '-'`);
  }
  const labels = parseLabels(flags.label ?? []);
  const { namespace } = settings;
  const token = givenToken ?? randomBytes(TOKEN_BYTES).toString("hex");
  const url = webhookUrl(flags, `${token}${name}${namespace}`);
  const data = { token, ...(flags.type === "gcr" && { email: flags.emailClaim ?? "", audience: flags.audienceClaim ?? url }) };
  const metadata = { name, namespace, annotations: { [WEBHOOK_ANNOTATION]: url }, ...(flags.label !== undefined && { labels }) };
  if (flags.export === true) return cli.out(renderNewSecret(metadata, data));
  const { cluster } = await cli.connect(settings);
  const answer = await cluster.apply(secretOf(metadata, data), { manager: "flux", force: true, dryRun: false });
  if (answer.kind === "refused") throw refusalFailure(answer);
  cli.say.action(`receiver secret '${name}' created in '${namespace}' namespace`);
}

/** The path is made of what only sender and Receiver know. Throws a Failure for a flag that is missing. Source: reference 4.4. */
function webhookUrl({ type, hostname, emailClaim }: Flags, secretName: string): string {
  if (type === undefined) throw new Failure("--type is required");
  if (hostname === undefined || hostname === "") throw new Failure("--hostname is required");
  if (type === "gcr" && (emailClaim === undefined || emailClaim === "")) throw new Failure("--email-claim is required for gcr receiver type");
  return `https://${hostname}/hook/${createHash("sha256").update(secretName).digest("hex")}`;
}

/** In `data` and not in `stringData`: that of an earlier Secret is replaced then, whoever wrote it. */
const secretOf = (metadata: Manifest["metadata"], data: { readonly [key: string]: string }): Manifest => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata,
  type: "Opaque",
  data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")])),
});
