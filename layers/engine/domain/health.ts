/** How one object of a cluster is. Source: kstatus, with Flux's changes (reference 2.8). */
export type Health =
  | { readonly kind: "current"; readonly message: string }
  | { readonly kind: "in-progress"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "terminating"; readonly message: string }
  /** It could not be found out: what the server or the expression said. */
  | { readonly kind: "unknown"; readonly message: string }
  | { readonly kind: "absent"; readonly message: string };

export type HealthKind = Health["kind"];

/** kstatus' words, as they stand in Flux's messages. */
export function healthWord(kind: HealthKind): "Current" | "InProgress" | "Failed" | "Terminating" | "Unknown" | "NotFound" {
  switch (kind) {
    case "current":
      return "Current";
    case "in-progress":
      return "InProgress";
    case "failed":
      return "Failed";
    case "terminating":
      return "Terminating";
    case "unknown":
      return "Unknown";
    case "absent":
      return "NotFound";
  }
}
