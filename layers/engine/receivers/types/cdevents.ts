import { isObject, type Json } from "../../domain/json.ts";
import { problem } from "../../domain/result.ts";
import { isAllowedEvent } from "../allowed-event.ts";
import { parseBoundedJson } from "../bounded-json.ts";
import { fieldOf, isDecodable, textField } from "../go-json-type.ts";
import { ACCEPTED, type Validation } from "../validation.ts";
import { headerOf } from "../webhook-request.ts";

/** The types of CDEvents 0.4, each with the one version that it has there. Source: cdevents.dev, specification 0.4. */
const VERSIONS: { readonly [version: string]: readonly string[] } = {
  "0.1.0": ["artifact.deleted", "artifact.downloaded", "testcaserun.skipped", "ticket.closed", "ticket.created", "ticket.updated"],
  "0.2.0": [
    ...["packaged", "published", "signed"].map((predicate) => `artifact.${predicate}`),
    ...["created", "deleted"].map((predicate) => `branch.${predicate}`),
    ...["finished", "queued", "started"].flatMap((predicate) => ["build", "pipelinerun", "testcaserun", "testsuiterun"].map((what) => `${what}.${predicate}`)),
    ...["finished", "started"].map((predicate) => `taskrun.${predicate}`),
    ...["abandoned", "merged", "reviewed", "updated"].map((predicate) => `change.${predicate}`),
    ...["created", "deleted", "modified"].flatMap((predicate) => ["environment", "repository"].map((what) => `${what}.${predicate}`)),
    ...["detected", "reported", "resolved"].map((predicate) => `incident.${predicate}`),
    ...["deployed", "published", "removed", "rolledback", "upgraded"].map((predicate) => `service.${predicate}`),
    "testoutput.published",
  ],
  "0.3.0": ["change.created"],
};
const TYPES: ReadonlySet<string> = new Set(Object.entries(VERSIONS).flatMap(([version, types]) => types.map((type) => `dev.cdevents.${type}.${version}`)));
/** Events of a tool's own. */
const CUSTOM = /^dev\.cdeventsx\.[a-z]+-[a-z]+\.[a-z]+\.[^.].*$/;

/**
 * A CDEvent of version 0.4 of a known type. Its subject may be missing, and its content is not looked at beyond being an object. The list of events is compared with
 * the header alone, whatever the body says. Source: reference 4.4; recorded in receivers/cdevents.
 */
export const validateCdevents: Validation = (request, { spec }) => {
  const parsed = parseBoundedJson(request.body, "whole");
  if (!parsed.ok) return parsed;
  const wrong = wrongPart(parsed.value);
  if (wrong !== undefined) return problem(`the body is no CDEvent: ${wrong}`);
  return isAllowedEvent(spec.events, headerOf(request, "ce-type")) ? ACCEPTED : problem("the event in Ce-Type is not in the list");
};

function wrongPart(event: Json): string | undefined {
  if (!isObject(event)) return "no object";
  const context = fieldOf(event, "context");
  if (!isDecodable(context ?? null, { fields: { version: "text", id: "text", source: "text", type: "text", timestamp: "time" } })) return "context";
  if (["version", "id", "source", "timestamp"].some((field) => textField(context, field) === "")) return "context";
  const type = textField(context, "type");
  if (!TYPES.has(type) && !CUSTOM.test(type)) return "context.type";
  const subject = fieldOf(event, "subject") ?? null;
  return isDecodable(subject, { fields: { id: "text", source: "text", type: "text", content: { fields: {} } } }) ? undefined : "subject";
}
