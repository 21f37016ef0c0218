import type { Delivery } from "../../domain/delivery.ts";
import type { NotifiedEvent } from "../../domain/notified-event.ts";
import { deliver } from "./deliver.ts";
import type { NotificationsDeps } from "./deps.ts";
import { dispatch } from "./dispatch.ts";
import type { DeliveryEnd, DispatchEnd } from "./ends.ts";

/** The notifications of one cluster. */
export type Notifications = {
  /**
   * Sends the event on to everybody who wants it, as deliveries. Throws when somebody did not answer: whoever calls dispatches the same event again then,
   * as often as he likes; what went out already does not go out again.
   */
  dispatch(event: NotifiedEvent): Promise<DispatchEnd>;
  /**
   * One attempt, of `LONGEST_ATTEMPT` at most. The next one, if there is to be one, is given to `deliveries` before this returns: the message that brought
   * this one is done with, whatever the end. Throws when cluster or stores did not answer: then the same delivery may be brought again, as often as he likes.
   */
  deliver(delivery: Delivery): Promise<DeliveryEnd>;
};

export const createNotifications = (deps: NotificationsDeps): Notifications => ({
  dispatch: (event) => dispatch(deps, event),
  deliver: (delivery) => deliver(deps, delivery),
});
