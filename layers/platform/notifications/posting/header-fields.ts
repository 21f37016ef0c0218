/** They say how the request is sent, which is not the Secret's to say: Go's client leaves out most of them. */
const OF_THE_CONNECTION = new Set("connection content-length expect host keep-alive proxy-connection te trailer transfer-encoding upgrade".split(" "));

/** Headers of a Secret as they may be sent: names in small letters, so that none comes twice and `authorization` is known. */
export const ownHeaders = (given: { readonly [name: string]: string }): { readonly [name: string]: string } =>
  Object.fromEntries(
    Object.entries(given)
      .map(([name, value]) => [name.toLowerCase(), value])
      .filter(([name = ""]) => !OF_THE_CONNECTION.has(name)),
  );
