import { seconds } from "@sluice/engine/domain/time.ts";
import type { Notification, NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { eventJson } from "../message/go-json.ts";
import type { Sender, SenderWorld } from "../sender.ts";
import { publishToNats, type Stage } from "./connection.ts";
import { parseNatsServers } from "./servers.ts";
import { parseSignIn } from "./sign-in.ts";

const WORDS: { readonly [Of in Stage]: string } = { connecting: "error connecting to server", publishing: "error publishing message to server" };

/** So long a server may keep us from the next one. Source: nats.go, Options.Timeout. */
const PATIENCE = seconds(2);

export const sendToNats: Sender = (notification, world) => publish(notification, world, () => AbortSignal.timeout(PATIENCE));

/**
 * The event's JSON on the subject that `channel` names. Neither certSecretRef nor a proxy is heeded. `patience` fires when a server has been waited for long enough and
 * there is another one. Source: reference 4.3.1; recorded in providers/nats-*.
 */
export async function publish({ provider, event, done }: Notification, { dial, signal }: SenderWorld, patience: () => AbortSignal): Promise<NotifierAnswer> {
  const { address, channel: subject } = provider;
  if (address === "") return { kind: "misconfigured", message: "NATS server (address) cannot be empty" };
  if (subject === "") return { kind: "misconfigured", message: "NATS subject (channel) cannot be empty" };
  const servers = parseNatsServers(address);
  if (!servers.ok) return { kind: "misconfigured", message: servers.problem };
  const signIn = parseSignIn(provider.secrets);
  const prefix = `error publishing event to subject ${subject}: `;
  if (!signIn.ok) return { kind: "refused", message: `${prefix}${WORDS.connecting}: ${signIn.problem}` };
  // It would end the command, and begin one of the Provider's author.
  if (/\s/.test(subject)) return { kind: "refused", message: `${prefix}${WORDS.publishing}: nats: invalid subject` };

  const message = { subject, payload: Buffer.from(eventJson(event)) };
  let answer: NotifierAnswer = { kind: "sent" };
  for (const [index, server] of servers.value.entries()) {
    const isLast = index === servers.value.length - 1;
    const published = await publishToNats(server, message, { dial, signal, signIn: signIn.value, ...(!isLast && { connectBy: patience() }) });
    if (published.kind === "published") return { kind: "sent" };
    const { kind, stage, problem } = published;
    const [before, request] = [`${prefix}${WORDS[stage]}: `, `nats://${server.host}:${server.port}`];
    if (kind === "refused") return { kind: "refused", message: `${before}${problem}` };
    answer = { kind: "unavailable", prefix: before, request, why: problem, problem, done };
    // The message may be there: the next server would have it twice.
    if (stage === "publishing") return answer;
  }
  return answer;
}
