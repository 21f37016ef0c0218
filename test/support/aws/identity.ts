import { createHash } from "node:crypto";

/** Who sent a request, as GetCallerIdentity would say it. */
export type Caller = {
  readonly account: string;
  /** Of the user, or of the session: `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
  readonly arn: string;
  readonly userId: string;
};

export type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

/** Credentials that the fake has given out, with their owner. */
export type AccessKey = Credentials & { readonly caller: Caller; readonly expires?: number };

/** Every access key that the fake knows. */
export type AccessKeys = {
  find(accessKeyId: string): AccessKey | undefined;
  /** A user's key without end. */
  addUser(account: string, name: string, credentials?: Credentials): AccessKey;
  /** Temporary credentials of a session of a role. Source: STS API, AssumeRole. */
  addSession(roleArn: string, sessionName: string, expires: number): AccessKey;
};

export function createAccessKeys(): AccessKeys {
  const keys = new Map<string, AccessKey>();
  const add = (key: AccessKey): AccessKey => {
    keys.set(key.accessKeyId, key);
    return key;
  };
  const fresh = (prefix: string): Credentials => {
    const id = `${prefix}${String(keys.size + 1).padStart(16, "0")}`;
    return { accessKeyId: id, secretAccessKey: `secret-of-${id}` };
  };
  return {
    find: (accessKeyId) => keys.get(accessKeyId),
    addUser: (account, name, credentials) => {
      const arn = `arn:aws:iam::${account}:user/${name}`;
      return add({ ...(credentials ?? fresh("AKIA")), caller: { account, arn, userId: uniqueId("AIDA", arn) } });
    },
    addSession: (roleArn, sessionName, expires) => {
      const { account, name } = parseRole(roleArn);
      const caller = { account, arn: `arn:aws:sts::${account}:assumed-role/${name}/${sessionName}`, userId: `${uniqueId("AROA", roleArn)}:${sessionName}` };
      const credentials = fresh("ASIA");
      return add({ ...credentials, sessionToken: `token-of-${credentials.accessKeyId}`, caller, expires });
    },
  };
}

/** Account and name of a role; its path is no part of a session's ARN. Source: IAM User Guide, "IAM identifiers". */
export function parseRole(roleArn: string): { readonly account: string; readonly name: string } {
  const [, account, path] = /^arn:aws[\w-]*:iam::(\d{12}):role\/([\w+=,.@/-]+)$/.exec(roleArn) ?? [];
  const name = path?.split("/").at(-1);
  if (account === undefined || name === undefined) throw new Error(`not the ARN of a role: ${roleArn}`);
  return { account, name };
}

const uniqueId = (prefix: string, arn: string): string => `${prefix}${createHash("sha256").update(arn).digest("hex").slice(0, 17).toUpperCase()}`;
