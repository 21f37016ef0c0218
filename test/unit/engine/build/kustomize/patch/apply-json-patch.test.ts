import { expect, it } from "vitest";
import { applyJsonPatch } from "../../../../../../layers/engine/build/kustomize/patch/apply-json-patch.ts";
import { decodeJsonPatch, jsonOfPatch } from "../../../../../../layers/engine/build/kustomize/patch/decode-json-patch.ts";
import { isList, isMap, isScalar, type Node, type NodeMap, scalar, TEXT } from "../../../../../../layers/engine/build/node/node.ts";
import { readDocuments } from "../../../../../../layers/engine/build/yaml/documents.ts";

const OBJECT = "a: 1000000\nb: {x/y: q, m~n: r}\nl: [1, two]\nn: null\nt: x\nh: 1.0\no: 0644\nq: <b>\n";

/** What the numbers of the object are once they went through JSON. */
const AFTERWARDS: Readonly<Record<string, string>> = { a: "1e+06", h: "1", o: "420" };

function parse(text: string): NodeMap {
  const documents = readDocuments(text);
  const node = documents.ok ? documents.value[0]?.node : undefined;
  if (node === undefined || !isMap(node)) throw new Error(`no object: ${text}`);
  return node;
}

/** The value with the texts that its scalars have; what is a string stands in quotes. */
function show(node: Node): string {
  if (isScalar(node)) return node[TEXT];
  if (isList(node)) return `[${node.map(show).join(", ")}]`;
  if (!isMap(node)) return JSON.stringify(node);
  const entries = Object.entries(node).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, value]) => `${key}: ${show(value)}`).join(", ")}}`;
}

/** What the patch makes of the object: the fields that differ, `-x` for one that is gone; the problem if there is one. */
function patched(text: string): string {
  const before = parse(OBJECT);
  const json = jsonOfPatch(text);
  const patch = json.ok ? decodeJsonPatch(json.value) : json;
  const after = patch.ok ? applyJsonPatch(before, patch.value) : patch;
  if (!after.ok) return typeof after.problem === "string" ? after.problem : after.problem.message;
  const changes: string[] = [];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after.value)])) {
    const [old, value] = [before[key], after.value[key]];
    if (value === undefined) changes.push(`-${key}`);
    else if (old === undefined || show(value) !== (AFTERWARDS[key] ?? show(old))) changes.push(`${key}: ${show(value)}`);
  }
  return changes.toSorted().join(", ") || "same";
}

/** What does not begin with a bracket is YAML, for which flow lists are good, too. */
it.each([
  ["adds a field", "[{op: add, path: /b/z, value: x}]", 'b: {m~n: "r", x/y: "q", z: "x"}'],
  ["adds over a field", "[{op: add, path: /a, value: x}]", 'a: "x"'],
  ["adds before an item", "[{op: add, path: /l/1, value: x}]", 'l: [1, "x", "two"]'],
  ["adds behind all items", "[{op: add, path: /l/-, value: x}]", 'l: [1, "two", "x"]'],
  ["adds at the length of a list", "[{op: add, path: /l/2, value: x}]", 'l: [1, "two", "x"]'],
  ["counts from the end when it adds", "[{op: add, path: /l/-1, value: x}]", 'l: [1, "two", "x"]'],
  ["counts further from the end when it adds", "[{op: add, path: /l/-2, value: x}]", 'l: [1, "x", "two"]'],
  ["adds null without a value", "[{op: add, path: /b/z}]", 'b: {m~n: "r", x/y: "q", z: null}'],
  ["adds null", "[{op: add, path: /b/z, value: null}]", 'b: {m~n: "r", x/y: "q", z: null}'],
  ["takes signs and zeros in an index", "[{op: add, path: /l/+01, value: x}]", 'l: [1, "x", "two"]'],
  ["adds too far behind", "[{op: add, path: /l/3, value: x}]", "error in add for path: '/l/3': Unable to access invalid index: 3: invalid index referenced"],
  ["adds too far before", "[{op: add, path: /l/-4, value: x}]", "error in add for path: '/l/-4': Unable to access invalid index: -4: invalid index referenced"],
  [
    "adds at no index",
    "[{op: add, path: /l/x, value: x}]",
    `error in add for path: '/l/x': value was not a proper array index: 'x': strconv.Atoi: parsing "x": invalid syntax`,
  ],
  [
    "adds at an index beyond all numbers",
    "[{op: add, path: /l/9223372036854775808, value: x}]",
    `error in add for path: '/l/9223372036854775808': value was not a proper array index: '9223372036854775808': strconv.Atoi: parsing "9223372036854775808": value out of range`,
  ],
  ["adds below nothing", "[{op: add, path: /z/y, value: x}]", 'add operation does not apply: doc is missing path: "/z/y": missing value'],
  ["adds below null", "[{op: add, path: /n/y, value: x}]", 'add operation does not apply: doc is missing path: "/n/y": missing value'],
  ["adds below a scalar", "[{op: add, path: /a/y, value: x}]", 'add operation does not apply: doc is missing path: "/a/y": missing value'],
  ["adds below an item that is not there", "[{op: add, path: /l/7/y, value: x}]", 'add operation does not apply: doc is missing path: "/l/7/y": missing value'],
  ["adds with an empty path", "[{op: add, path: '', value: x}]", 'add operation does not apply: doc is missing path: "": missing value'],
  ["adds without a path", "[{op: add, value: x}]", "add operation failed to decode path: missing value"],
  ["adds with a number as path", "[{op: add, path: 1, value: x}]", "add operation failed to decode path: missing value"],
  ["ignores what stands before the first slash", "[{op: add, path: b/z, value: x}]", 'z: "x"'],
  ["reads ~1 and ~0", "[{op: replace, path: /b/x~1y, value: 1}, {op: replace, path: /b/m~0n, value: 2}]", "b: {m~n: 2, x/y: 1}"],
  ["reads ~01 as ~1", "[{op: add, path: /b/~01, value: x}]", 'b: {m~n: "r", x/y: "q", ~1: "x"}'],
  ["leaves a single ~", "[{op: add, path: /b/~2, value: x}]", 'b: {m~n: "r", x/y: "q", ~2: "x"}'],
  ["removes a field", "[{op: remove, path: /b/x~1y}]", 'b: {m~n: "r"}'],
  ["removes a null", "[{op: remove, path: /n}]", "-n"],
  ["removes an item", "[{op: remove, path: /l/0}]", 'l: ["two"]'],
  ["removes the last item", "[{op: remove, path: /l/-1}]", "l: [1]"],
  ["removes nothing", "[{op: remove, path: /b/z}]", "error in remove for path: '/b/z': Unable to remove nonexistent key: z: missing value"],
  ["removes behind all items", "[{op: remove, path: /l/-}]", `error in remove for path: '/l/-': strconv.Atoi: parsing "-": invalid syntax`],
  [
    "removes an item that is not there",
    "[{op: remove, path: /l/2}]",
    "error in remove for path: '/l/2': Unable to access invalid index: 2: invalid index referenced",
  ],
  [
    "removes before all items",
    "[{op: remove, path: /l/-3}]",
    "error in remove for path: '/l/-3': Unable to access invalid index: -3: invalid index referenced",
  ],
  ["removes below nothing", "[{op: remove, path: /z/y}]", 'remove operation does not apply: doc is missing path: "/z/y": missing value'],
  ["removes without a path", "[{op: remove}]", "remove operation failed to decode path: missing value"],
  ["replaces a field", "[{op: replace, path: /a, value: {x: y}}]", "a: {x: true}"],
  ["replaces a field that is not there", "[{op: replace, path: /b/z, value: x}]", 'b: {m~n: "r", x/y: "q", z: "x"}'],
  ["replaces an item", "[{op: replace, path: /l/-2, value: x}]", 'l: ["x", "two"]'],
  ["replaces an item that is not there", "[{op: replace, path: /l/2, value: x}]", "replace operation does not apply: doc is missing key: /l/2: missing value"],
  ["replaces behind all items", "[{op: replace, path: /l/-, value: x}]", "replace operation does not apply: doc is missing key: /l/-: missing value"],
  ["replaces below nothing", "[{op: replace, path: /z/y, value: x}]", "replace operation does not apply: doc is missing path: /z/y: missing value"],
  ["replaces everything", "[{op: replace, path: '', value: {a: 1}}]", "-b, -h, -l, -n, -o, -q, -t, a: 1"],
  ["replaces everything by a list", "[{op: replace, path: '', value: []}]", "json: cannot unmarshal array into Go value of type map[string]interface {}"],
  [
    "goes on in a list",
    "[{op: replace, path: '', value: [1]}, {op: add, path: /-, value: {x: y}}, {op: add, path: /1/z, value: 2}]",
    "json: cannot unmarshal array into Go value of type map[string]interface {}",
  ],
  ["replaces everything by a text", "[{op: replace, path: '', value: x}]", "replace operation value must be object or array: %!w(<nil>)"],
  ["replaces everything by null", "[{op: replace, path: '', value: null}]", "replace operation value must be object or array: %!w(<nil>)"],
  ["replaces everything by nothing", "[{op: replace, path: ''}]", "runtime error: invalid memory address or nil pointer dereference"],
  ["replaces without a path", "[{op: replace, value: x}]", "replace operation failed to decode path: operation missing path field: missing value"],
  [
    "replaces with a list as path",
    "[{op: replace, path: [a], value: x}]",
    "replace operation failed to decode path: json: cannot unmarshal array into Go value of type string",
  ],
  ["moves a field", "[{op: move, from: /b/x~1y, path: /b/z}]", 'b: {m~n: "r", z: "q"}'],
  ["moves an item", "[{op: move, from: /l/0, path: /l/1}]", 'l: ["two", 1]'],
  ["moves a null", "[{op: move, from: /n, path: /z}]", "-n, z: null"],
  ["moves what is not there", "[{op: move, from: /b/z, path: /y}]", "error in move for path: 'z': Unable to remove nonexistent key: z: missing value"],
  [
    "moves an item that is not there",
    "[{op: move, from: /l/5, path: /y}]",
    "error in move for path: '5': Unable to access invalid index: 5: invalid index referenced",
  ],
  ["moves from below nothing", "[{op: move, from: /z/y, path: /y}]", "move operation does not apply: doc is missing from path: /z/y: missing value"],
  ["moves to below nothing", "[{op: move, from: /a, path: /z/y}]", "move operation does not apply: doc is missing destination path: /z/y: missing value"],
  [
    "moves to no index",
    "[{op: move, from: /a, path: /l/x}]",
    `error in move for path: '/l/x': value was not a proper array index: 'x': strconv.Atoi: parsing "x": invalid syntax`,
  ],
  ["moves without from", "[{op: move, path: /y}]", "move operation failed to decode from: operation, missing from field: missing value"],
  ["moves without a path", "[{op: move, from: /a}]", "move operation failed to decode path: operation missing path field: missing value"],
  ["copies a field", "[{op: copy, from: /b, path: /z}, {op: add, path: /z/new, value: 1}]", 'z: {m~n: "r", new: 1, x/y: "q"}'],
  ["copies what is not there as null", "[{op: copy, from: /b/z, path: /y}]", "y: null"],
  [
    "copies an item that is not there",
    "[{op: copy, from: /l/5, path: /y}]",
    "error in copy for from: '/l/5': Unable to access invalid index: 5: invalid index referenced",
  ],
  ["copies from below nothing", "[{op: copy, from: /z/y, path: /y}]", "copy operation does not apply: doc is missing from path: /z/y: missing value"],
  ["copies to below nothing", "[{op: copy, from: /a, path: /z/y}]", "copy operation does not apply: doc is missing destination path: /z/y: missing value"],
  [
    "copies to no index",
    "[{op: copy, from: /a, path: /l/x}]",
    `error while adding value during copy: value was not a proper array index: 'x': strconv.Atoi: parsing "x": invalid syntax`,
  ],
  [
    "copies with a map as from",
    "[{op: copy, from: {}, path: /y}]",
    "copy operation failed to decode from: json: cannot unmarshal object into Go value of type string",
  ],
  ["copies without a path", "[{op: copy, from: /a}]", "copy operation failed to decode path: missing value"],
  ["tests a text", "[{op: test, path: /t, value: x}]", "same"],
  ["tests a text in vain", "[{op: test, path: /t, value: y}]", "testing value /t failed: test failed"],
  ["tests a number", "[{op: test, path: /a, value: 1000000}]", "same"],
  ["tests a number that is written in another way", "[{op: test, path: /h, value: 1}, {op: test, path: /o, value: 420}]", "same"],
  ["tests a number with a text", "[{op: test, path: /a, value: '1000000'}]", "testing value /a failed: test failed"],
  ["tests a map", "[{op: test, path: /b, value: {m~n: r, x/y: q}}]", "same"],
  ["tests a map with a field too few", "[{op: test, path: /b, value: {m~n: r}}]", "testing value /b failed: test failed"],
  ["tests a map with another field", "[{op: test, path: /b, value: {m~n: r, z: q}}]", "testing value /b failed: test failed"],
  ["tests a list", "[{op: test, path: /l, value: [1, two]}]", "same"],
  ["tests a list in other order", "[{op: test, path: /l, value: [two, 1]}]", "testing value /l failed: test failed"],
  ["tests a null", "[{op: test, path: /n, value: null}]", "same"],
  ["tests a null without a value", "[{op: test, path: /n}]", "same"],
  ["tests what is not there", "[{op: test, path: /z, value: null}]", "same"],
  ["tests what is not there with a value", "[{op: test, path: /z, value: 1}]", "testing value /z failed: test failed"],
  ["tests a value with null", "[{op: test, path: /a, value: null}]", "testing value /a failed: test failed"],
  ["tests a value with nothing", "[{op: test, path: /a}]", "testing value /a failed: test failed"],
  ["tests everything", "[{op: test, path: '', value: {}}]", "testing value  failed: test failed"],
  [
    "tests an item that is not there",
    "[{op: test, path: /l/2, value: 1}]",
    "error in test for path: '/l/2': Unable to access invalid index: 2: invalid index referenced",
  ],
  ["tests below nothing", "[{op: test, path: /z/y, value: 1}]", "test operation does not apply: is missing path: /z/y: missing value"],
  ["tests a list with a null", "[{op: add, path: /l/0, value: {a: null}}, {op: test, path: /l/0, value: {a: null}}]", 'l: [{a: null}, 1, "two"]'],
  [
    "cannot test a list with a null",
    "[{op: add, path: /b/z, value: [null]}, {op: test, path: /b/z, value: [null]}]",
    "runtime error: invalid memory address or nil pointer dereference",
  ],
  [
    "tells a null that a patch has put from one of the object",
    "[{op: add, path: /b/z, value: null}, {op: test, path: /b, value: {m~n: r, x/y: q, z: null}}]",
    "testing value /b failed: test failed",
  ],
  [
    "tests a copied null as an empty map",
    "[{op: add, path: /z, value: null}, {op: copy, from: /z, path: /y}, {op: test, path: /y, value: {}}]",
    "y: null, z: null",
  ],
  ["does not know an operation", "[{op: ADD, path: /z, value: 1}]", "Unexpected kind: ADD"],
  ["has no operation", "[{path: /z, value: 1}]", "Unexpected kind: unknown"],
  ["has a number as operation", "[{op: 1, path: /z, value: 1}]", "Unexpected kind: unknown"],
  ["has null instead of an operation", "[null]", "Unexpected kind: unknown"],
  [
    "changes nothing that comes before a problem",
    "[{op: add, path: /z, value: 1}, {op: remove, path: /y}]",
    "error in remove for path: '/y': Unable to remove nonexistent key: y: missing value",
  ],
  [
    "writes numbers as Go does",
    "[{op: add, path: /z, value: [1, 999999, 1000000, 1234567, 0.0001, 0.00001, 1.5, 123456.789, -0.0, 9007199254740993, 18446744073709551615, 1e21, 0x10]}]",
    "z: [1, 999999, 1e+06, 1.234567e+06, 0.0001, 0.00001, 1.5, 123456.789, -0, 9.007199254740992e+15, 18446744073709552000, 1e+21, 16]",
  ],
  ["reads words of YAML 1.1", "[{op: add, path: /z, value: [yes, off, 0644, 2001-01-01, ~, 1_000]}]", 'z: [true, false, 420, "2001-01-01", null, 1000]'],
])("%s: %s", (_, patch, want) => expect(patched(`# YAML\n${patch}`)).toBe(want));

it.each([
  ["compares texts as they are written", '[{"op": "test", "path": "/t", "value": "\\u0078"}]', "testing value /t failed: test failed"],
  ["compares numbers as they are written", '[{"op": "test", "path": "/h", "value": 1.0}]', "testing value /h failed: test failed"],
  ["compares what Go escapes as it is written", '[{"op": "test", "path": "/q", "value": "<b>"}]', "testing value /q failed: test failed"],
  ["compares what Go escapes when it is escaped, too", '[{"op": "test", "path": "/q", "value": "\\u003cb\\u003e"}]', "same"],
  [
    "escapes what it copies",
    '[{"op": "add", "path": "/z", "value": "<"}, {"op": "copy", "from": "/z", "path": "/y"}, {"op": "test", "path": "/y", "value": "\\u003c"}]',
    'y: "<", z: "<"',
  ],
  [
    "does not escape what it adds",
    '[{"op": "add", "path": "/z", "value": "<"}, {"op": "test", "path": "/z", "value": "\\u003c"}]',
    "testing value /z failed: test failed",
  ],
  ["reads the escapes of JSON", '[{"op": "add", "path": "/z", "value": "\\u0078\\ud800\\n\\/"}]', 'z: "x�\\n/"'],
  ["takes the last of equal keys", '[{"op": "remove", "op": "add", "path": "/z", "value": {"a": 1, "a": 2}}]', "z: {a: 2}"],
  ["refuses a number beyond all numbers", '[{"op": "add", "path": "/z", "value": 1e400}]', "json: cannot unmarshal number 1e400 into Go value of type float64"],
])("a patch that is JSON %s: %s", (_, patch, want) => expect(patched(patch)).toBe(want));

it.each([
  ["{a: 1}", "json: cannot unmarshal object into Go value of type jsonpatch.Patch"],
  ["just words", "json: cannot unmarshal string into Go value of type jsonpatch.Patch"],
  ["5", "json: cannot unmarshal number into Go value of type jsonpatch.Patch"],
  ["true", "json: cannot unmarshal bool into Go value of type jsonpatch.Patch"],
  ["- 5", "json: cannot unmarshal number into Go value of type jsonpatch.Operation"],
  ["- []", "json: cannot unmarshal array into Go value of type jsonpatch.Operation"],
  ["[{op: add}]", "invalid character 'o' looking for beginning of object key string"],
  ["# nothing", "same"],
  ["- {op: remove, path: /n}\n---\n- {op: remove, path: /x}", "-n"],
])("%j is no patch, or an empty one: %s", (text, want) => expect(patched(text)).toBe(want));

it("does not touch the object that it patches", () => {
  const before = parse(OBJECT);
  const copy = structuredClone(show(before));
  const patch = decodeJsonPatch('[{"op": "add", "path": "/b/z", "value": 1}, {"op": "remove", "path": "/l/0"}]');
  expect(patch.ok && applyJsonPatch(before, patch.value).ok).toBe(true);
  expect(show(before)).toBe(copy);
});

it.each([
  ["copies that double", Array.from({ length: 40 }, (_, step) => ({ op: "copy", from: "/b", path: `/b/${step}` })), /^error while performing deep copy: /],
  [
    "ever deeper values",
    Array.from({ length: 40 }, (_, step) => ({ op: "add", path: `/b${"/a".repeat(8 * step)}/a`, value: { a: { a: { a: { a: { a: { a: { a: {} } } } } } } } })),
    /^nested deeper than /,
  ],
  ["a key that is a danger", [{ op: "add", path: "/b/__proto__", value: {} }], /^yaml: the key "__proto__" is not allowed$/],
])("refuses %s", (_, operations, want) => expect(patched(JSON.stringify(operations))).toMatch(want));

it.each([
  [Number.NaN, "NaN"],
  [Number.POSITIVE_INFINITY, "+Inf"],
  [Number.NEGATIVE_INFINITY, "-Inf"],
])("cannot patch an object with a number that is %d", (value, shown) => {
  const patched = applyJsonPatch({ x: scalar("written", value) }, [new Map()]);
  expect(patched).toEqual({ ok: false, problem: { message: `json: unsupported value: ${shown}`, operation: undefined } });
});
