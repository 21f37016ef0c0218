/** Who writes the status of Kustomizations, as Flux has it. Source: reference 0.5. */
export const STATUS_MANAGER = "gotk-kustomize-controller";

/** The condition types that are ours; others belong to somebody else. */
export const OWNED_CONDITIONS = ["Ready", "Reconciling", "Stalled", "Healthy"] as const;
