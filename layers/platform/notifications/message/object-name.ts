import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";

/** `kustomization/backend.apps`: what an event is about, as messages name it. Source: reference 4.3. */
export const objectName = ({ involvedObject: { kind, namespace, name } }: NotifiedEvent): string => `${kind.toLowerCase()}/${name}.${namespace}`;
