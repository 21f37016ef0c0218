import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { ms } from "@sluice/engine/domain/time.ts";
import { jsonOf, listAt, objectAt, textAt } from "../validation/fields.ts";
import { type Context, isDeleting, type Reconciler } from "./reconciler.ts";
import { SERVICES } from "./resources.ts";

const WRITER = { manager: "cloud-controller-manager", subresource: "status" } as const;
const ADDRESS_AFTER = ms(100);

/** Services of type LoadBalancer get an address of the range that documentation uses (RFC 5737). */
export function createLoadBalancers(context: Context): Reconciler {
  let given = 0;
  return {
    resource: SERVICES,
    reconcile: (object) => {
      if (!wants(object)) return;
      const { namespace = "", name = "" } = object.metadata;
      context.after(ADDRESS_AFTER, () => {
        const now = context.store.get(SERVICES, namespace, name);
        if (now === undefined || !wants(now)) return;
        given = (given % 254) + 1;
        context.store.update(SERVICES, { ...now, status: { loadBalancer: { ingress: [{ ip: `192.0.2.${given}`, ipMode: "VIP" }] } } }, WRITER);
      });
    },
  };
}

function wants(object: Manifest): boolean {
  const service = jsonOf(object);
  if (isDeleting(object) || textAt(objectAt(service, "spec"), "type") !== "LoadBalancer") return false;
  return listAt(objectAt(objectAt(service, "status"), "loadBalancer"), "ingress").length === 0;
}
