/**
 * Plays random applies, updates and patches by several managers on a real API server, and compares each answer with what
 * lib/local/sandbox/field-management makes of the same request. `--record FOLDER` writes the steps down as cases for the unit tests.
 *
 *     node test/support/field-management/differential.ts --kubeconfig FILE [--rounds 20] [--steps 12] [--seed 1] [--subject NAME] [--record FOLDER]
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isObject } from "@sluice/engine/domain/json.ts";
import { createApiClient } from "../../../lib/local/sandbox/kinds/generation/api-client.ts";
import type { Step } from "./check-step.ts";
import { checkStep } from "./check-step.ts";
import { createChance, randomEdit, randomObject } from "./random-requests.ts";
import type { Subject } from "./subjects.ts";
import { broken, subjects, thingCrd } from "./subjects.ts";

const { values } = parseArgs({
  options: {
    kubeconfig: { type: "string" },
    rounds: { type: "string", default: "10" },
    steps: { type: "string", default: "12" },
    seed: { type: "string", default: "1" },
    subject: { type: "string" },
    record: { type: "string" },
  },
});
if (values.kubeconfig === undefined) throw new Error("--kubeconfig FILE is needed");
const api = createApiClient(values.kubeconfig);
const NAMESPACE = "s2-fields";
const MANAGERS = ["one", "two", "kubectl"];
const WRITERS = ["three", "four"];

await api.send("POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
await api.send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", thingCrd);
for (let i = 0; i < 50; i += 1) if ((await api.get(`/apis/fields.sluice.test/v1/namespaces/${NAMESPACE}/things`)).code === 200) break;

const metadataOf = (object: JsonObject): JsonObject => (isObject(object.metadata) ? object.metadata : {});

function revisionOf(object: JsonObject): unknown {
  const { annotations } = metadataOf(object);
  return isObject(annotations) ? annotations["deployment.kubernetes.io/revision"] : undefined;
}

async function play(subject: Subject, seed: number, count: number): Promise<readonly Step[]> {
  const chance = createChance(seed);
  const name = `d${seed}`;
  const url = `${subject.path(NAMESPACE)}/${name}`;
  const steps: Step[] = [];
  for (let i = 0; i < count; i += 1) {
    const live = await settled(url);
    const step = await request(subject, chance, url, name, live, steps.length === 0 || live === undefined);
    if (step === undefined) continue;
    // What the server refuses for reasons of its own says nothing about fields.
    if (step.code === 422 || step.code === 404) continue;
    // Its controller came between our look and the server's.
    if (live !== undefined && step.code === 200 && revisionOf(live) !== revisionOf(step.answer)) continue;
    steps.push(step);
  }
  await api.send("PATCH", url, { metadata: { finalizers: null } }, "application/merge-patch+json");
  await api.send("DELETE", url, {});
  return steps;
}

/** The object once its controller has left it alone for a moment. */
async function settled(url: string): Promise<JsonObject | undefined> {
  for (let last = "", again = 0; again < 20; again += 1) {
    const { code, body } = await api.get(url);
    if (code !== 200) return undefined;
    const version = String(metadataOf(body).resourceVersion);
    if (version === last || !url.includes("deployments")) return body;
    last = version;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  return undefined;
}

async function request(
  subject: Subject,
  chance: ReturnType<typeof createChance>,
  url: string,
  name: string,
  live: JsonObject | undefined,
  isFirst: boolean,
): Promise<Step | undefined> {
  const what = isFirst
    ? chance(2) === 0
      ? "apply"
      : "create"
    : (["apply", "apply", "apply", "apply", "update", "update", "status", "reset", "apply-status", "clean-up"] as const)[chance(10)];
  const manager = (what === "apply" || what === "apply-status" ? MANAGERS : WRITERS)[chance(what === "apply" ? 3 : 2)] ?? "one";
  const base = { subject: subject.name, manager, ...(live !== undefined && { live }) };
  const status = subject.statuses?.[chance(subject.statuses.length)];
  switch (what) {
    case "apply": {
      const body = randomObject(chance, subject, name);
      const force = chance(2) === 0;
      const answer = await api.send("PATCH", `${url}?fieldManager=${manager}&force=${force}`, body, "application/apply-patch+yaml");
      return { ...base, verb: "apply", force, body, code: answer.code, answer: answer.body };
    }
    case "apply-status": {
      if (status === undefined) return undefined;
      const body = { apiVersion: subject.apiVersion, kind: subject.kind, metadata: { name }, status };
      const answer = await api.send("PATCH", `${url}/status?fieldManager=${manager}&force=true`, body, "application/apply-patch+yaml");
      return { ...base, verb: "apply", force: true, subresource: "status", body, code: answer.code, answer: answer.body };
    }
    case "create": {
      const body = randomObject(chance, subject, name);
      const answer = await api.send("POST", `${subject.path(NAMESPACE)}?fieldManager=${manager}`, body);
      return { ...base, verb: "update", body, code: answer.code, answer: answer.body };
    }
    case "status":
    case "update": {
      if (live === undefined || (what === "status" && status === undefined)) return undefined;
      const body: JsonObject = what === "status" ? { ...live, status: status ?? {} } : randomEdit(chance, subject, live);
      const answer = await api.send("PUT", `${url}${what === "status" ? "/status" : ""}?fieldManager=${manager}`, body);
      return { ...base, verb: "update", ...(what === "status" && { subresource: "status" }), body, code: answer.code, answer: answer.body };
    }
    case "reset":
    case "clean-up": {
      if (live === undefined) return undefined;
      if (chance(3) > 0 && what === "reset") return undefined;
      const entries = metadataOf(live).managedFields;
      const managedFields: Json = what === "reset" ? [{}] : Array.isArray(entries) ? entries.map(asApply) : [];
      const body = { ...live, metadata: { ...metadataOf(live), managedFields } };
      const answer = await api.send(
        "PATCH",
        `${url}?fieldManager=${manager}`,
        [{ op: "replace", path: "/metadata/managedFields", value: managedFields }],
        "application/json-patch+json",
      );
      return { ...base, verb: "update", body, code: answer.code, answer: answer.body };
    }
    default:
      return undefined;
  }
}

/** What Flux's clean-up does to the entries of kubectl. */
const asApply = (entry: Json): Json =>
  isObject(entry) && entry.manager === "three" && entry.subresource === undefined ? { ...entry, operation: "Apply", manager: "one" } : entry;

async function playBroken(): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for (const { subject: name, body } of broken) {
    const subject = subjects.find((other) => other.name === name);
    if (subject === undefined) continue;
    const answer = await api.send("PATCH", `${subject.path(NAMESPACE)}/broken?fieldManager=one&dryRun=All`, body, "application/apply-patch+yaml");
    // A number that is no integer is refused by validation, not by the merge.
    if (answer.code !== 422) steps.push({ subject: name, verb: "apply", manager: "one", force: false, body, code: answer.code, answer: answer.body });
  }
  return steps;
}

let failures = 0;
let checked = 0;
const check = (steps: readonly Step[], title: string): void => {
  for (const [index, step] of steps.entries()) {
    checked += 1;
    const difference = checkStep(step);
    if (difference === undefined) continue;
    failures += 1;
    if (failures <= 15) process.stdout.write(`${title} step ${index} ${step.verb} by ${step.manager}\n${difference}\n\n`);
  }
};
const record = (file: string, steps: readonly Step[]): void => {
  if (values.record !== undefined) writeFileSync(join(values.record, file), `[\n${steps.map((step) => JSON.stringify(step)).join(",\n")}\n]\n`);
};
if (values.subject === undefined || values.subject === "broken") {
  const steps = await playBroken();
  check(steps, "broken");
  record("broken.generated.json", steps);
}
for (const subject of subjects.filter(({ name }) => values.subject === undefined || name === values.subject)) {
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const seed = Number(values.seed) + round;
    const steps = await play(subject, seed, Number(values.steps));
    check(steps, `${subject.name} seed ${seed}`);
    record(`${subject.name}-${seed}.generated.json`, steps);
  }
}
await api.send("DELETE", `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.fields.sluice.test`, {});
await api.send("DELETE", `/api/v1/namespaces/${NAMESPACE}`, {});
api.close();
process.stdout.write(`${checked} steps compared, ${failures} differ\n`);
process.exitCode = failures === 0 ? 0 : 1;
