/**
 * The folder under which messages of a build show the artifact, however it was built: Flux shows a temporary folder of this form, with a
 * number that changes from run to run; ours does not, so that the same failure has the same message.
 */
export const BUILD_ROOT = "/tmp/kustomization-0";

/** As `BUILD_ROOT`, for what a GitRepository's messages show: the checkout, and the artifact of an include beside it. */
export const CHECKOUT_ROOT = "/tmp/gitrepository-checkout-000000";
export const INCLUDE_ROOT = "/tmp/flux-include-000000/unpack";
