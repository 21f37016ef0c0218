import type { Clock } from "@sluice/engine/ports/clock.ts";
import { createTokenIssuer } from "./authentication/tokens.ts";
import { createAuthorizer } from "./authorization/authorizer.ts";
import { createDiscovery } from "./discovery/discovery.ts";
import { createPipeline } from "./http/pipeline.ts";
import { createRequestCounter } from "./http/request-counter.ts";
import { createResourceHandler } from "./http/resource-handler.ts";
import { createResponder } from "./http/respond.ts";
import { builtInKinds, kubernetesVersion } from "./kinds/kinds.ts";
import { createKindRegistry, resourceOf } from "./kinds/registry.ts";
import { createDefinitionController } from "./resources/definition-controller.ts";
import { createRemove } from "./resources/remove.ts";
import { createViews } from "./resources/views.ts";
import { createWrites } from "./resources/write.ts";
import { createStore } from "./storage/cluster-store.ts";
import { createMemory } from "./storage/memory.ts";

export type ApiOptions = Clock & {
  /** `host:port` of whoever serves it, as discovery says it. */
  readonly address: () => string;
  /** What each new object is known by; random unless said. Turns come from it. */
  readonly createUid?: () => string;
};

/** What an API server answers, without a network: objects in memory, their rules, who may do what. Nothing is in it yet. */
export function createApi({ now, address, createUid }: ApiOptions) {
  const memory = createMemory();
  const registry = createKindRegistry(builtInKinds());
  const views = createViews();
  const deps = { memory, registry, views, now };
  const writes = createWrites({ ...deps, createUid });
  const remove = createRemove(deps);
  const store = createStore({ memory, registry, writes, remove });
  const definitions = createDefinitionController({ memory, registry, now, writes, remove });
  const tokens = createTokenIssuer({ store, now });
  const requests = createRequestCounter();
  const discovery = createDiscovery({
    kinds: registry.kinds,
    storageVersion: (kind) => registry.stored(resourceOf(kind))?.version ?? kind.version,
    kubernetes: kubernetesVersion().replace(/^v/, ""),
    address,
    tokenKeys: tokens.keys,
  });
  const resources = createResourceHandler({ ...deps, writes, remove, responder: createResponder(now) });
  const answer = createPipeline({ store, tokens, authorizer: createAuthorizer(store), discovery, resources, now, requests });
  return { store, tokens, requests, answer, definitions };
}
