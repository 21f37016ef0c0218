import type { Log } from "../../ports/log.ts";

/**
 * What `work` comes to, or undefined when it broke off: nobody answered, or we are broken. It is logged, and the request goes on with whatever else there is to do:
 * one object that could not be annotated keeps nobody else waiting, and one cluster that is silent no other.
 */
export async function answered<Value>(log: Log, object: string, work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    log.error("webhook broke off", { object, error: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
