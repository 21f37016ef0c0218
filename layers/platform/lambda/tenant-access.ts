import { createDial, type Dial } from "../http/dial.ts";
import type { Http, HttpOptions } from "../http/exchange.ts";
import { createHttp } from "../http/http.ts";
import { publicAddressesAnd } from "../http/public-addresses.ts";
import type { HostSettings } from "./cluster-config.ts";

/** Connections to servers that tenants name: public ones, and those private ones that the installation lists. Source: security.md, SSRF. */
export function createTenantHttp(settings: HostSettings): Http {
  return createHttp(guardOf(settings));
}

/** The same for what is not HTTP. */
export const createTenantDial = (settings: HostSettings): Dial => createDial(guardOf(settings));

const guardOf = ({ privateNetworks = [], anyAddress }: HostSettings): HttpOptions =>
  anyAddress === true ? {} : { isAllowed: publicAddressesAnd(privateNetworks) };
