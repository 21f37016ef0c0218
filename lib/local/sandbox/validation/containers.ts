import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { duplicate, type FieldError, forbidden, invalid, notFound, notSupported, required } from "../schema/field-error.ts";
import { label1123, qualifiedName } from "../schema/names.ts";
import { entriesOf, errorsOf, has, isPort, listAt, notNegative, numberAt, objectAt, PORT_RANGE, textAt, valueAt } from "./fields.ts";
import { portName, portReference, protocolErrors } from "./ports.ts";
import { parseQuantity, quantityText } from "./quantity.ts";

/** What containers may refer to in their Pod. */
export type PodContext = { readonly volumes: ReadonlySet<string>; readonly hostNetwork: boolean };

/** `kind`: init containers may have no probes of their own; nothing here depends on it but the path. Source: core/validation validateContainers. */
export function validateContainers(containers: readonly Json[], path: string, pod: PodContext, taken: Set<string>): readonly FieldError[] {
  return containers.flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const name = textAt(container, "name");
    const errors: FieldError[] = [];
    if (name === "") errors.push(required(`${at}.name`));
    else errors.push(...errorsOf(`${at}.name`, name, label1123(name)));
    if (name !== "" && taken.has(name)) errors.push(duplicate(`${at}.name`, name));
    taken.add(name);
    return [...errors, ...validateContainer(container, at, pod)];
  });
}

const PULL_POLICIES = ["Always", "IfNotPresent", "Never"];
const MESSAGE_POLICIES = ["File", "FallbackToLogsOnError"];

function validateContainer(container: Json, path: string, pod: PodContext): readonly FieldError[] {
  const errors: FieldError[] = [];
  const oneOf = (field: string, supported: readonly string[]): readonly FieldError[] => {
    const value = textAt(container, field);
    return value === "" || supported.includes(value) ? [] : [notSupported(`${path}.${field}`, value, supported)];
  };
  if (textAt(container, "image") === "") errors.push(required(`${path}.image`));
  errors.push(...validateLifecycle(container, path));
  for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"])
    if (has(container, probe)) errors.push(...validateProbe(valueAt(container, probe), `${path}.${probe}`, probe !== "readinessProbe"));
  errors.push(...oneOf("terminationMessagePolicy", MESSAGE_POLICIES), ...validatePorts(container, path, pod), ...validateEnvironment(container, path));
  errors.push(...validateMounts(container, path, pod), ...oneOf("imagePullPolicy", PULL_POLICIES), ...validateResources(container, path));
  errors.push(...validateUser(valueAt(container, "securityContext"), `${path}.securityContext`));
  return errors;
}

const MAX_ID = 2_147_483_647;

export function validateUser(context: Json | undefined, path: string): readonly FieldError[] {
  return ["runAsUser", "runAsGroup"].flatMap((field) => {
    const id = numberAt(context, field);
    return id !== undefined && (id < 0 || id > MAX_ID) ? [invalid(`${path}.${field}`, id, `must be between 0 and ${MAX_ID}, inclusive`)] : [];
  });
}

function validateLifecycle(container: Json, path: string): readonly FieldError[] {
  const lifecycle = objectAt(container, "lifecycle");
  return ["postStart", "preStop"].flatMap((hook) =>
    has(lifecycle, hook) ? validateHandler(valueAt(lifecycle, hook), `${path}.lifecycle.${hook}`, ["exec", "httpGet", "tcpSocket", "sleep"]) : [],
  );
}

function validateProbe(probe: Json | undefined, path: string, single: boolean): readonly FieldError[] {
  const errors = [...validateHandler(probe, path, ["exec", "httpGet", "tcpSocket", "grpc"])];
  errors.push(...notNegative(probe, path, "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"));
  const successes = numberAt(probe, "successThreshold");
  if (single && successes !== undefined && successes > 1) errors.push(invalid(`${path}.successThreshold`, successes, "must be 1"));
  return errors;
}

/** Exactly one way to ask. */
function validateHandler(handler: Json | undefined, path: string, kinds: readonly string[]): readonly FieldError[] {
  const given = kinds.filter((kind) => has(handler, kind));
  if (given.length === 0) return [required(path, "must specify a handler type")];
  return given.flatMap((kind, index) => {
    const at = `${path}.${kind}`;
    if (index > 0) return [forbidden(at, "may not specify more than 1 handler type")];
    const action = objectAt(handler, kind);
    if (kind === "exec") return listAt(action, "command").length === 0 ? [required(`${at}.command`)] : [];
    if (kind === "httpGet" || kind === "tcpSocket") return portReference(valueAt(action, "port"), `${at}.port`);
    return [];
  });
}

function validatePorts(container: Json, path: string, pod: PodContext): readonly FieldError[] {
  const names = new Set<string>();
  return listAt(container, "ports").flatMap((port, index) => {
    const at = `${path}.ports[${index}]`;
    const name = textAt(port, "name");
    const number = numberAt(port, "containerPort") ?? 0;
    const host = numberAt(port, "hostPort") ?? 0;
    const errors: FieldError[] = [];
    const problems = name === "" ? [] : portName(name);
    if (problems.length > 0) errors.push(...errorsOf(`${at}.name`, name, problems));
    else if (name !== "" && names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
    if (number === 0) errors.push(required(`${at}.containerPort`));
    else if (!isPort(number)) errors.push(invalid(`${at}.containerPort`, number, PORT_RANGE));
    if (host !== 0 && !isPort(host)) errors.push(invalid(`${at}.hostPort`, host, PORT_RANGE));
    else if (pod.hostNetwork && host !== 0 && host !== number)
      errors.push(invalid(`${at}.hostPort`, host, "must match `containerPort` when `hostNetwork` is true"));
    return [...errors, ...protocolErrors(textAt(port, "protocol"), `${at}.protocol`)];
  });
}

const SOURCES = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];
const FIELD_PATHS =
  /^(metadata\.(name|namespace|uid|labels|annotations)|metadata\.(labels|annotations)\['.*'\]|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;

function validateEnvironment(container: Json, path: string): readonly FieldError[] {
  const variables = listAt(container, "env").flatMap((variable, index) => {
    const at = `${path}.env[${index}]`;
    const name = textAt(variable, "name");
    const errors: FieldError[] = [];
    if (name === "") errors.push(required(`${at}.name`));
    else if (!/^[\x20-\x3c\x3e-\x7e]+$/.test(name))
      errors.push(invalid(`${at}.name`, name, "a valid environment variable name must consist only of printable ASCII characters other than '='"));
    return [...errors, ...validateSource(variable, `${at}.valueFrom`)];
  });
  const whole = listAt(container, "envFrom").flatMap((source, index) => {
    const at = `${path}.envFrom[${index}]`;
    const given = ["configMapRef", "secretRef"].filter((kind) => has(source, kind));
    if (given.length === 0) return [invalid(`${path}.envFrom`, "", "must specify one of: `configMapRef` or `secretRef`")];
    return given.flatMap((kind) => (textAt(objectAt(source, kind), "name") === "" ? [required(`${at}.${kind}.name`)] : []));
  });
  return [...variables, ...whole];
}

function validateSource(variable: Json, path: string): readonly FieldError[] {
  if (!has(variable, "valueFrom")) return [];
  const source = objectAt(variable, "valueFrom");
  const given = SOURCES.filter((kind) => has(source, kind));
  const errors: FieldError[] = [];
  for (const kind of given) {
    const reference = objectAt(source, kind);
    if (kind === "secretKeyRef" || kind === "configMapKeyRef") {
      if (textAt(reference, "name") === "") errors.push(required(`${path}.${kind}.name`));
      if (textAt(reference, "key") === "") errors.push(required(`${path}.${kind}.key`));
    }
    const field = textAt(reference, "fieldPath");
    if (kind === "fieldRef" && field === "") errors.push(required(`${path}.fieldRef.fieldPath`));
    else if (kind === "fieldRef" && !FIELD_PATHS.test(field))
      errors.push(invalid(`${path}.fieldRef.fieldPath`, field, `error converting fieldPath: field label not supported: ${field}`));
  }
  if (given.length === 0)
    return [...errors, invalid(path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`")];
  if (textAt(variable, "value") !== "") return [...errors, invalid(path, "", "may not be specified when `value` is not empty")];
  return given.length > 1 ? [...errors, invalid(path, "", "may not have more than one field specified at a time")] : errors;
}

function validateMounts(container: Json, path: string, pod: PodContext): readonly FieldError[] {
  const places = new Set<string>();
  return listAt(container, "volumeMounts").flatMap((mount, index) => {
    const at = `${path}.volumeMounts[${index}]`;
    const name = textAt(mount, "name");
    const place = textAt(mount, "mountPath");
    const errors: FieldError[] = [];
    if (name === "") errors.push(required(`${at}.name`));
    if (!pod.volumes.has(name)) errors.push(notFound(`${at}.name`, name));
    if (place === "") errors.push(required(`${at}.mountPath`));
    if (places.has(place)) errors.push(invalid(`${at}.mountPath`, place, "must be unique"));
    places.add(place);
    return errors;
  });
}

const STANDARD = ["cpu", "memory", "ephemeral-storage"];
const isStandard = (name: string): boolean => STANDARD.includes(name) || name.startsWith("hugepages-");

/** Requests and limits of a container. Source: core/validation ValidateContainerResourceRequirements. */
export function validateResources(container: Json, path: string): readonly FieldError[] {
  const resources = valueAt(container, "resources");
  if (!isObject(resources)) return [];
  const limits = objectAt(resources, "limits");
  const at = `${path}.resources`;
  const errors = entriesOf(limits).flatMap(([name, value]) => validateAmount(name, value, `${at}.limits[${name}]`));
  for (const [name, value] of entriesOf(objectAt(resources, "requests"))) {
    errors.push(...validateAmount(name, value, `${at}.requests[${name}]`));
    const limit = limits[name];
    const asked = parseQuantity(value);
    const most = parseQuantity(limit);
    if (limit !== undefined && asked !== undefined && most !== undefined && asked > most)
      errors.push(invalid(`${at}.requests`, quantityText(value), `must be less than or equal to ${name} limit of ${quantityText(limit)}`));
  }
  return errors;
}

function validateAmount(name: string, value: Json, path: string): readonly FieldError[] {
  const errors: FieldError[] = [...errorsOf(path, name, qualifiedName(name))];
  if (!name.includes("/") && !isStandard(name))
    errors.push(invalid(path, name, "must be a standard resource type or fully qualified"), invalid(path, name, "must be a standard resource for containers"));
  const amount = parseQuantity(value);
  if (amount !== undefined && amount < 0) errors.push(invalid(path, quantityText(value), "must be greater than or equal to 0"));
  return errors;
}
