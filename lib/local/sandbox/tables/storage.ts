import type { Json } from "@sluice/engine/domain/json.ts";
import { age, nameOf, type Printer } from "./printer.ts";
import { at, listAt, NONE, textAt, UNSET } from "./read.ts";

const MODES: { readonly [mode: string]: string } = { ReadWriteOnce: "RWO", ReadOnlyMany: "ROX", ReadWriteMany: "RWX", ReadWriteOncePod: "RWOP" };
/** Always in this order, whatever order they were given in. */
const modesText = (modes: readonly Json[]): string =>
  Object.keys(MODES)
    .filter((mode) => modes.includes(mode))
    .map((mode) => MODES[mode])
    .join(",");

const DEFAULT_CLASS = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];
const isTerminating = (object: Json): boolean => textAt(object, "metadata", "deletionTimestamp") !== "";
const phaseOf = (object: Json): string => (isTerminating(object) ? "Terminating" : textAt(object, "status", "phase"));
const attributesClass = (object: Json): string => textAt(object, "spec", "volumeAttributesClassName") || UNSET;
const volumeMode = (object: Json): string => textAt(object, "spec", "volumeMode") || UNSET;

const claimPrinter: Printer = (claim, now) => {
  const bound = textAt(claim, "spec", "volumeName") !== "";
  return [
    nameOf(claim),
    phaseOf(claim),
    textAt(claim, "spec", "volumeName"),
    bound ? textAt(claim, "status", "capacity", "storage") : "",
    bound ? modesText(listAt(claim, "status", "accessModes")) : "",
    textAt(claim, "spec", "storageClassName"),
    attributesClass(claim),
    age(claim, now),
    volumeMode(claim),
  ];
};

const volumePrinter: Printer = (volume, now) => {
  const claim = at(volume, "spec", "claimRef");
  return [
    nameOf(volume),
    textAt(volume, "spec", "capacity", "storage"),
    modesText(listAt(volume, "spec", "accessModes")),
    textAt(volume, "spec", "persistentVolumeReclaimPolicy"),
    phaseOf(volume),
    claim === undefined ? "" : `${textAt(claim, "namespace")}/${textAt(claim, "name")}`,
    textAt(volume, "spec", "storageClassName"),
    attributesClass(volume),
    textAt(volume, "status", "reason"),
    age(volume, now),
    volumeMode(volume),
  ];
};

const classPrinter: Printer = (storageClass, now) => {
  const isDefault = DEFAULT_CLASS.some((annotation) => textAt(storageClass, "metadata", "annotations", annotation) === "true");
  return [
    `${nameOf(storageClass)}${isDefault ? " (default)" : ""}`,
    textAt(storageClass, "provisioner"),
    textAt(storageClass, "reclaimPolicy") || "Delete",
    textAt(storageClass, "volumeBindingMode") || UNSET,
    at(storageClass, "allowVolumeExpansion") === true,
    age(storageClass, now),
  ];
};

const driverPrinter: Printer = (driver, now) => {
  const spec = at(driver, "spec");
  const tokens = listAt(spec, "tokenRequests").map((request) => textAt(request, "audience"));
  return [
    nameOf(driver),
    at(spec, "attachRequired") !== false,
    at(spec, "podInfoOnMount") === true,
    at(spec, "storageCapacity") === true,
    tokens.length === 0 ? UNSET : tokens.join(","),
    at(spec, "requiresRepublish") === true,
    listAt(spec, "volumeLifecycleModes").map(String).join(",") || NONE,
    age(driver, now),
  ];
};

export const storagePrinters: { readonly [groupAndPlural: string]: Printer } = {
  "/persistentvolumeclaims": claimPrinter,
  "/persistentvolumes": volumePrinter,
  "storage.k8s.io/storageclasses": classPrinter,
  "storage.k8s.io/csidrivers": driverPrinter,
  "storage.k8s.io/csinodes": (node, now) => [nameOf(node), listAt(node, "spec", "drivers").length, age(node, now)],
  "storage.k8s.io/volumeattributesclasses": (object, now) => [nameOf(object), textAt(object, "driverName"), age(object, now)],
  "storage.k8s.io/volumeattachments": (object, now) => [
    nameOf(object),
    textAt(object, "spec", "attacher"),
    textAt(object, "spec", "source", "persistentVolumeName"),
    textAt(object, "spec", "nodeName"),
    at(object, "status", "attached") === true,
    age(object, now),
  ],
};
