/**
 * Loaded before the runtime interface client (node --require): stands in for its native addon, which would need a compiler, and speaks the same
 * HTTP. `done` and `error` return at once and are on the wire before the next `next`; the addon waits for them.
 */
const { Agent, request } = require("node:http");
const Module = require("node:module");

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const BASE = "/2018-06-01/runtime/invocation";

function send(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, agent, method, path: `${BASE}${path}`, headers }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ bodyJson: Buffer.concat(parts).toString("utf8"), headers: response.headers }));
      response.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

let posted = Promise.resolve();
function post(path, body, headers) {
  const bytes = Buffer.from(body);
  posted = posted.then(() => send("POST", path, bytes, { "content-type": "application/json", "content-length": bytes.length, ...headers }));
  posted.catch(() => undefined); // the next `next` fails in the same way, and that is heard
}

const client = {
  next: () => posted.then(() => send("GET", "/next")),
  done: (id, body) => post(`/${id}/response`, body),
  error: (id, body, cause) =>
    post(`/${id}/error`, body, {
      "lambda-runtime-function-error-type": String(JSON.parse(body).errorType),
      ...(cause === "" || Buffer.byteLength(cause) > 1024 * 1024 ? {} : { "lambda-runtime-function-xray-error-cause": encodeURIComponent(cause) }),
    }),
};

const load = Module._load;
Module._load = function (name, ...rest) {
  return name === "./rapid-client.node" ? client : load.call(this, name, ...rest);
};
