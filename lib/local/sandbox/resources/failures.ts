import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { conflict, type Failure, forbidden, type GroupResource } from "../http/status.ts";
import { type FieldError, invalidCauses, invalidMessage } from "../schema/field-error.ts";

export const MODIFIED = "the object has been modified; please apply your changes to the latest version and try again";

/** The 422 that names every field error. */
export function invalidObject(subject: { readonly group: string; readonly kind: string }, name: string, errors: readonly FieldError[]): Failure {
  // Events of both groups are one kind inside.
  const kind = subject.group === "events.k8s.io" ? { group: "", kind: subject.kind } : subject;
  const causes = invalidCauses(errors);
  return {
    code: 422,
    reason: "Invalid",
    message: invalidMessage(kind, name, errors),
    details: {
      ...(name !== "" && { name }),
      ...(kind.group !== "" && { group: kind.group }),
      ...(kind.kind !== "" && { kind: kind.kind }),
      ...(causes.length > 0 && { causes }),
    },
  };
}

/** Options of a request that contradict each other: `PatchOptions.meta.k8s.io "" is invalid: …`. */
export const invalidOptions = (kind: string, errors: readonly FieldError[]): Failure => invalidObject({ group: "meta.k8s.io", kind }, "", errors);

/** Source: apiserver storage, NewInvalidObjError. */
export function otherUid(resource: GroupResource, object: Manifest, asked: string, liveUid: string): Failure {
  const { name = "", namespace = "" } = object.metadata;
  const place = [resource.group === "" ? resource.plural : `${resource.group}/${resource.plural}`, namespace, name].filter((part) => part !== "").join("/");
  return conflict(
    resource,
    name,
    `StorageError: invalid object, Code: 4, Key: /registry/${place}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${asked}, UID in object meta: ${liveUid}`,
  );
}

/** Source: plugin/pkg/admission/namespace/lifecycle. */
export const namespaceTerminating = (resource: GroupResource, name: string, namespace: string): Failure => {
  const failure = forbidden(resource, name, `unable to create new content in namespace ${namespace} because it is being terminated`);
  const cause = { reason: "NamespaceTerminating", message: `namespace ${namespace} is being terminated`, field: "metadata.namespace" };
  return { ...failure, details: { ...failure.details, causes: [cause] } };
};
