/** The marker Deployment and the ServiceAccount are called so. */
export const MARKER_NAME = "sluice";
/** What the `flux` command finds an installation by. Source: reference 6.3, 6.14. */
export const INSTALL_SELECTOR = "app.kubernetes.io/part-of=flux";
