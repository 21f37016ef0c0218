import Type, { type Static, type TProperties, type TSchema } from "typebox";
import type { Json, JsonObject } from "../domain/json.ts";

/**
 * The words in which the custom resources are written. TypeBox derives the static types; what it has no word for (CEL rules, list types)
 * stands in the options as Kubernetes spells it. Only keywords that a structural schema may have come out.
 */
export type CelRule = { readonly rule: string; readonly message: string };
type Options = { readonly [keyword: string]: Json };

/** A map with exactly these keys; those not wrapped in `optional` are required. */
export const shape = <Properties extends TProperties>(properties: Properties, options: Options = {}) => Type.Object(properties, options);
export const optional = <Schema extends TSchema>(schema: Schema) => Type.Optional(schema);
export const text = (options: Options = {}) => Type.String(options);
export const flag = (options: Options = {}) => Type.Boolean(options);
export const whole = (options: Options = {}) => Type.Integer(options);
export const int64 = () => Type.Integer({ format: "int64" });
export const list = <Schema extends TSchema>(items: Schema, options: Options = {}) => Type.Array(items, options);

/** One of a few texts, in the order in which the server's refusal lists them. */
export const oneOf = <const Values extends readonly string[]>(values: Values, options: Options = {}) =>
  Type.Unsafe<Values[number]>({ type: "string", enum: values, ...options });

/** Any keys, every value by one schema. */
export const mapOf = <Schema extends TSchema>(values: Schema) =>
  Type.Unsafe<{ readonly [key: string]: Static<Schema> }>({ type: "object", additionalProperties: values });
export const textMap = () => mapOf(text());

/** Whatever JSON can say; kept as it is. */
export const anything = () => Type.Unsafe<JsonObject>({ "x-kubernetes-preserve-unknown-fields": true });

/** CEL rules as an option of a shape. */
export const rules = (...list: readonly CelRule[]): Options => ({ "x-kubernetes-validations": list.map(({ rule, message }) => ({ rule, message })) });

export const dateTime = () => text({ format: "date-time" });

/** `1h30m`, `500ms`. Source: reference, reading notes. */
export const duration = (options: Options = {}) => text({ pattern: "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$", ...options });
/** A duration without hours. Source: reference, reading notes. */
export const shortDuration = (options: Options = {}) => text({ pattern: "^([0-9]+(\\.[0-9]+)?(ms|s|m))+$", ...options });

/** The type with everything in it readonly, as the engine reads objects. */
export type DeepReadonly<Value> = Value extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
    : Value;

/** What the engine reads of a schema. */
export type Read<Schema extends TSchema> = DeepReadonly<Static<Schema>>;
