export type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

/** What Lambda itself sets, beside what the function's configuration says. */
export type Platform = {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly handler: string;
  readonly bundle: string;
  readonly memoryMb: number;
  readonly credentials: Credentials;
  readonly logFormat: "JSON" | "Text";
};

/** Source: Lambda, "Defined runtime environment variables". Those of that list that only the platform sets. */
const RESERVED = /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_REGION|REGION|EXECUTION_ENV|LAMBDA_.*|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|LAMBDA_.*)$/;
const LIMIT = 4096;

/** Why Lambda would not take `environment`; undefined when it would. Source: Lambda quotas, "4 KB, for all environment variables, in aggregate". */
export function environmentProblem(environment: Readonly<Record<string, string>>): string | undefined {
  const reserved = Object.keys(environment).filter((name) => RESERVED.test(name));
  if (reserved.length > 0) return `Reserved keys used in this request: ${reserved.toSorted().join(", ")}`;
  const bytes = Buffer.byteLength(Object.entries(environment).flat().join(""));
  return bytes > LIMIT ? `the environment variables are ${bytes} bytes, Lambda takes ${LIMIT}` : undefined;
}

/** All that the process sees: nothing of this process's environment is in it. */
export function processEnvironment(
  platform: Platform,
  environment: Readonly<Record<string, string>>,
  sandbox: { readonly runtimeApi: string; readonly logStream: string },
): Record<string, string> {
  const { name, region, handler, bundle, memoryMb, credentials, logFormat } = platform;
  return {
    ...environment,
    _HANDLER: handler,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_FORMAT: logFormat,
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: sandbox.logStream,
    AWS_LAMBDA_RUNTIME_API: sandbox.runtimeApi,
    AWS_REGION: region,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken !== undefined && { AWS_SESSION_TOKEN: credentials.sessionToken }),
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    LAMBDA_TASK_ROOT: bundle,
    LANG: "en_US.UTF-8",
    PATH: "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    TZ: ":UTC",
  };
}
