import { deliveryKey } from "@sluice/platform/notifications/message/delivery-key.ts";
import { describe, expect, it } from "vitest";
import { aNotification } from "../../../../support/notifications/notification.ts";

describe("deliveryKey", () => {
  const notification = aNotification({});
  it("is the same for each attempt, whatever the Provider holds by then", () => {
    const later = { ...notification, done: 1, provider: { ...notification.provider, address: "https://other" } };
    expect(deliveryKey(later)).toBe(deliveryKey(notification));
    expect(deliveryKey(notification)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    { what: "event", other: { ...notification, event: { ...notification.event, id: "event-2" } } },
    { what: "cluster", other: { ...notification, cluster: "test" } },
    { what: "Alert", other: { ...notification, alert: { ...notification.alert, uid: "other" } } },
    { what: "Provider", other: { ...notification, provider: { ...notification.provider, name: "other" } } },
  ])("is another one for another $what", ({ other }) => expect(deliveryKey(other)).not.toBe(deliveryKey(notification)));
});
