import type { Json } from "@sluice/engine/domain/json.ts";
import Type, { type Static, type TProperties } from "typebox";
import { Value } from "typebox/value";
import { parse } from "yaml";

/** Exactly these keys: a step that nobody understands must not be skipped. */
const exactly = <Properties extends TProperties>(properties: Properties) => Type.Object(properties, { additionalProperties: false });
const text = Type.String();
const texts = Type.Union([text, Type.Array(text)]);
const json = Type.Unsafe<Json>({});

const file = Type.Union([
  text,
  exactly({ text, executable: Type.Optional(Type.Boolean()) }),
  exactly({ base64: text, executable: Type.Optional(Type.Boolean()) }),
  exactly({ symlink: text }),
  Type.Null(),
]);
const files = Type.Record(text, file);

const commit = exactly({
  repo: Type.Optional(text),
  label: Type.Optional(text),
  message: Type.Optional(text),
  branch: Type.Optional(text),
  tag: Type.Optional(texts),
  files: Type.Optional(files),
});

const wanted = Type.Union([
  text,
  exactly({
    ready: Type.Optional(text),
    reason: Type.Optional(text),
    at: Type.Optional(text),
    where: Type.Optional(Type.Record(text, json)),
  }),
]);

const step = Type.Union([
  exactly({ commit }),
  exactly({ chart: exactly({ name: text, version: text, appVersion: Type.Optional(text), files: Type.Optional(Type.Record(text, text)) }) }),
  exactly({ git: exactly({ repo: Type.Optional(text), args: Type.Array(Type.Union([text, Type.Number()])) }) }),
  exactly({ emptyRepository: Type.Union([text, Type.Null()]) }),
  exactly({ apply: text }),
  exactly({ refuse: text }),
  exactly({
    patch: exactly({
      object: text,
      namespace: Type.Optional(text),
      manager: Type.Optional(text),
      subresource: Type.Optional(text),
      merge: Type.Optional(json),
      json: Type.Optional(json),
    }),
  }),
  exactly({ delete: text }),
  exactly({ reconcile: texts }),
  exactly({ until: Type.Record(text, Type.Union([wanted, Type.Number()])) }),
  exactly({ wait: Type.Number() }),
  exactly({ watch: texts }),
  exactly({ snapshot: text }),
]);

const scenario = Type.Object({ about: text, steps: Type.Array(step) }, { additionalProperties: false });

export type File = Static<typeof file>;
export type Commit = Static<typeof commit>;
export type Wanted = Static<typeof wanted>;
/** One key: its verb. What the verbs mean stands in the README beside this folder. */
export type Step = Static<typeof step>;
export type Scenario = Static<typeof scenario>;

/** Throws with the place of the first thing that is not understood. */
export function parseScenario(source: string): Scenario {
  const value: unknown = parse(source);
  if (Value.Check(scenario, value)) return value;
  const [first] = Value.Errors(scenario, value);
  throw new Error(`not a scenario: ${first?.instancePath ?? ""} ${first?.message ?? ""}`);
}
