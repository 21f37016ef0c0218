import type { Delivery } from "../domain/delivery.ts";
import type { EpochMs } from "../domain/time.ts";

/** Where deliveries wait for their attempt. Resolves once it is sure that the delivery is not lost; it may come more than once. */
export type Deliveries = { send(delivery: Delivery, options?: { readonly notBefore?: EpochMs }): Promise<void> };
