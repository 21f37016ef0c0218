import type { Sender } from "../sender.ts";

/**
 * What one Provider is told of one object goes out one after the other, in the order in which it came: each looks at what is there before it writes, and
 * what happens within a second is delivered at once. It holds within one process; beyond it, senders cope with what others wrote meanwhile.
 */
export function inTurn(send: Sender): Sender {
  const last = new Map<string, Promise<unknown>>();
  return async (notification, world) => {
    const { cluster, provider, event } = notification;
    const key = JSON.stringify([cluster, provider.uid, event.involvedObject.uid, provider.statusId]);
    const before = last.get(key);
    const sending = (async () => {
      // How that one ended is for whoever sent it.
      await before?.catch(() => undefined);
      return send(notification, world);
    })();
    last.set(key, sending);
    try {
      return await sending;
    } finally {
      if (last.get(key) === sending) last.delete(key);
    }
  };
}
