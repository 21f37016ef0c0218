import { bytesOf } from "../../../layers/engine/build/helm/go/bytes.ts";
import { sprint } from "../../../layers/engine/build/helm/go/printf.ts";
import { failure, GoPanic } from "../../../layers/engine/build/helm/go/result.ts";
import {
  ANY,
  BYTES,
  DICT,
  FLOAT64,
  type GoMethod,
  type GoType,
  INT,
  INT8,
  INT64,
  LIST,
  mapOf,
  named,
  pointerTo,
  STRING,
  STRINGS,
  structType,
  UINT8,
  UINT64,
} from "../../../layers/engine/build/helm/go/type.ts";
import {
  type GoValue,
  goBytes,
  goInt,
  goMap,
  goSlice,
  goStrings,
  goStruct,
  isInt,
  isMap,
  isStruct,
  nilMap,
  nilSlice,
} from "../../../layers/engine/build/helm/go/value.ts";
import { ARG, argOf, type GoFunctions, goFunction, variadicFunction } from "../../../layers/engine/build/helm/template/functions.ts";
import type { Templates } from "../../../layers/engine/build/helm/template/templates.ts";

/** The functions of oracle/main.go, of the same names and signatures: they say nothing by themselves, and let everything be asked. */

const method = (params: readonly GoType[], result: GoType, call: GoMethod["call"], variadic = false): readonly [GoMethod] => [
  { params, variadic, result, call },
];
const field = (self: GoValue, name: string): GoValue => (isStruct(self) ? (self.fields.get(name) ?? null) : null);
const whole = (value: GoValue | undefined): bigint => (value !== undefined && isInt(value) ? value.value : 0n);

const VALUES = named("main.Values", DICT, {
  methods: new Map([
    ["AsMap", ...method([], DICT, (self) => (isMap(self) ? { ...self, type: DICT } : null))],
    ["Table", ...method([STRING], ANY, (_, [name = ""]) => failure(`no table ${name}`))],
  ] as const),
});

const sum = method([INT, INT], INT, (self, args) => goInt(whole(field(self, "X")) + args.map(whole).reduce((a, b) => a + b, 0n)), true);
const POINT = structType("main.point", { methods: new Map([["Sum", ...sum] as const]) });
const POINT_POINTER: GoType = {
  ...pointerTo(POINT),
  methods: new Map([["Sum", ...sum] as const, ["Name", ...method([], STRING, (self) => `point ${field(self, "Label")}`)] as const]),
};
const VERSION = structType("main.version", { print: (self) => `v${field(self, "Major")}.${field(self, "Minor")}` });
const SPAN = named("main.span", INT64, { print: (self) => `${whole(self)}ns` });

const point = (x: number, label: string) =>
  goStruct(POINT, [
    ["X", goInt(x)],
    ["Label", label],
    ["Any", null],
  ]);
const pairs = <T extends GoValue>(items: readonly T[]): (readonly [T, T])[] =>
  items.slice(1).flatMap((item, index) => (index % 2 === 0 ? items.slice(index, index + 1).map((key) => [key, item] as const) : []));
const isNilAndCount = (value: { readonly isNil: boolean }, count: number) => sprint([value.isNil, goInt(count)]);

export const testFunctions = (set: Templates): GoFunctions =>
  new Map([
    [
      "include",
      goFunction(
        [ARG.string, ARG.any],
        (name, data) => {
          const answer = set.execute(name, data);
          return answer.ok ? answer.text : failure(answer.failure.message);
        },
        STRING,
      ),
    ],
    ["upper", goFunction([ARG.string], (text) => text.toUpperCase(), STRING)],
    ["list", variadicFunction([], ARG.any, (items) => goSlice(items), LIST)],
    ["strs", variadicFunction([], ARG.string, (items) => goStrings(items), STRINGS)],
    ["dict", variadicFunction([], ARG.any, (items) => goMap(pairs(items).map(([key, value]) => [sprint([key]), value])), DICT)],
    ["smap", variadicFunction([], ARG.string, (items) => goMap(pairs(items), mapOf(STRING)), mapOf(STRING))],
    ["same", goFunction([ARG.any], (value) => value)],
    ["int8", goFunction([argOf(INT)], (value) => goInt(whole(value), INT8), INT8)],
    ["int64", goFunction([ARG.int64], (value) => goInt(value, INT64), INT64)],
    ["uint8", goFunction([argOf(INT)], (value) => goInt(whole(value), UINT8), UINT8)],
    ["uint64", goFunction([argOf(INT)], (value) => goInt(whole(value), UINT64), UINT64)],
    ["float", goFunction([ARG.float64], (value) => value, FLOAT64)],
    ["bytes", goFunction([ARG.string], (text) => goBytes(bytesOf(text)), BYTES)],
    ["nilmap", goFunction([], () => nilMap(), DICT)],
    ["nillist", goFunction([], () => nilSlice(), LIST)],
    ["nilstrs", goFunction([], () => nilSlice(STRINGS), STRINGS)],
    ["nilany", goFunction([], () => null)],
    ["values", goFunction([ARG.dict], (map) => ({ ...map, type: VALUES }), VALUES)],
    ["point", goFunction([ARG.int, ARG.string], (x, label) => point(x, label), POINT)],
    ["pointer", goFunction([ARG.int, ARG.string], (x, label) => ({ go: "pointer", type: POINT_POINTER, to: point(x, label) }), POINT_POINTER)],
    ["nilpoint", goFunction([], () => ({ go: "pointer", type: POINT_POINTER, to: null }), POINT_POINTER)],
    [
      "version",
      goFunction(
        [],
        () =>
          goStruct(VERSION, [
            ["Major", "1"],
            ["Minor", "35"],
          ]),
        VERSION,
      ),
    ],
    ["duration", goFunction([ARG.int64], (value) => goInt(value, SPAN), SPAN)],
    ["fails", goFunction([ARG.string], (text) => failure(text), STRING)],
    [
      "panics",
      goFunction(
        [ARG.string],
        (text) => {
          throw new GoPanic(text);
        },
        STRING,
      ),
    ],
    ["wantbool", goFunction([ARG.bool], (value) => sprint([value]), STRING)],
    ["wantint", goFunction([argOf(INT)], (value) => sprint([value]), STRING)],
    ["wantint64", goFunction([ARG.int64], (value) => sprint([goInt(value)]), STRING)],
    ["wantuint8", goFunction([argOf(UINT8)], (value) => sprint([value]), STRING)],
    ["wantfloat", goFunction([ARG.float64], (value) => sprint([value]), STRING)],
    ["wantstr", goFunction([ARG.string], (value) => value, STRING)],
    ["wantmap", goFunction([ARG.dict], (map) => isNilAndCount(map, map.entries.size), STRING)],
    ["wantlist", goFunction([ARG.list], (list) => isNilAndCount(list, list.items.length), STRING)],
    ["wantstrs", goFunction([ARG.strings], (list) => isNilAndCount(list, list.items.length), STRING)],
    ["wantpoint", goFunction([argOf(POINT)], (value) => field(value, "Label"), STRING)],
    ["wantptr", goFunction([argOf(POINT_POINTER)], (value) => sprint([typeof value === "object" && value?.go === "pointer" && value.to === null]), STRING)],
    ["two", goFunction([ARG.string, argOf(INT)], (text, number) => sprint([text, number]), STRING)],
    [
      "many",
      variadicFunction(
        [ARG.string],
        ARG.int,
        (text, numbers) =>
          `${text}${sprint([
            goSlice(
              numbers.map((n) => goInt(n)),
              { ...LIST, name: "[]int" },
            ),
          ])}`,
        STRING,
      ),
    ],
  ]);
